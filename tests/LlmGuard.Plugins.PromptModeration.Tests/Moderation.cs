using System.Text;

namespace LlmGuard.Plugins.PromptModeration.Tests;

/// <summary>Makes evaluators and contents, and applies edits.</summary>
internal static class Moderation
{
    public static readonly PromptModerationPlugin Plugin = new();

    public static IGuardrailEvaluator Evaluator(string settings)
    {
        var reader = GuardrailSettings.Parse(settings);
        var evaluator = Plugin.Create(reader);
        Assert.That(reader.Problems, Is.Empty);
        return evaluator;
    }

    public static GuardrailVerdict Judge(string settings, GuardrailContent content, GuardrailStage stage = GuardrailStage.PreRequest)
    {
        var task = Evaluator(settings).EvaluateAsync(new GuardrailCall(stage, content), CancellationToken.None).AsTask();
        return task.GetAwaiter().GetResult();
    }

    public static GuardrailVerdict Judge(string settings, string text, GuardrailStage stage = GuardrailStage.PreRequest) =>
        Judge(settings, GuardrailContent.FromText(text, SegmentRole.User), stage);

    public static GuardrailContent Joined(params string[] parts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var part in parts)
        {
            builder.AddText(part, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Join = 0 });
        }

        return builder.Build();
    }

    public static GuardrailContent Single(string text, Editability editability)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Editability = editability });
        return builder.Build();
    }

    /// <summary>The found pieces of the content, in the order of the findings.</summary>
    public static string[] Texts(GuardrailVerdict verdict, GuardrailContent content) =>
        [.. verdict.Findings.Select(f => Encoding.UTF8.GetString(content[f.Segment].Utf8.Span.Slice(f.Span.Start, f.Span.Length)))];

    /// <summary>The texts with the edited spans cut out and marked; edits of one segment must not overlap here.</summary>
    public static string[] Apply(GuardrailVerdict verdict, GuardrailContent content) =>
    [
        .. content.Select(segment =>
        {
            var bytes = segment.Utf8.ToArray().ToList();
            foreach (var edit in verdict.Edits.Where(e => e.Segment == segment.Index).OrderByDescending(e => e.Span.Start))
            {
                bytes.RemoveRange(edit.Span.Start, edit.Span.Length);
                bytes.InsertRange(edit.Span.Start, "<>"u8);
            }

            return Encoding.UTF8.GetString([.. bytes]);
        }),
    ];
}
