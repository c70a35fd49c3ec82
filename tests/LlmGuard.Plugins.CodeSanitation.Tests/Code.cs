using System.Text;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>Makes evaluators and contents, and applies edits.</summary>
internal static class Code
{
    public static readonly CodeSanitationPlugin Plugin = new();

    public static IGuardrailEvaluator Evaluator(string settings)
    {
        var reader = GuardrailSettings.Parse(settings);
        var evaluator = Plugin.Create(reader);
        Assert.That(reader.Problems.Select(p => p.ToString()), Is.Empty);
        return evaluator;
    }

    public static GuardrailVerdict Judge(string settings, GuardrailContent content, GuardrailStage stage = GuardrailStage.PreRequest) =>
        Judge(Evaluator(settings), content, stage);

    public static GuardrailVerdict Judge(string settings, string text) => Judge(settings, GuardrailContent.FromText(text, SegmentRole.User));

    public static GuardrailVerdict Judge(IGuardrailEvaluator evaluator, GuardrailContent content, GuardrailStage stage = GuardrailStage.PreRequest) =>
        evaluator.EvaluateAsync(new GuardrailCall(stage, content), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public static string[] Rules(string text, string severity = "low") =>
        [.. Judge($$"""{"action": "flag", "min_severity": "{{severity}}"}""", text).Findings.Select(f => f.Rule)];

    /// <summary>The texts with the edits carried out.</summary>
    public static string[] Apply(GuardrailVerdict verdict, GuardrailContent content, string mask = "[removed code]") =>
    [
        .. content.Select(segment =>
        {
            var bytes = segment.Utf8.ToArray().ToList();
            foreach (var edit in verdict.Edits.Where(e => e.Segment == segment.Index).OrderByDescending(e => e.Span.Start))
            {
                bytes.RemoveRange(edit.Span.Start, edit.Span.Length);
                bytes.InsertRange(edit.Span.Start, Encoding.UTF8.GetBytes(mask));
            }

            return Encoding.UTF8.GetString([.. bytes]);
        }),
    ];
}
