using System.Text;

namespace LlmGuard.Plugins.InjectionProtection.Tests;

/// <summary>Makes evaluators and contents, and applies edits.</summary>
internal static class Injection
{
    /// <summary>All web types wherever a text stands: the policy that the figures of the README were measured with.</summary>
    public const string Web = """
        {"predefined_injections": [{"type": "sql"}, {"type": "nosql"}, {"type": "command"}, {"type": "path"}, {"type": "ldap"}, {"type": "xml"}, {"type": "ssrf"},
        {"type": "file"}, {"type": "template"}, {"type": "xpath"}, {"type": "header"}, {"type": "xss"}]}
        """;

    public const string Prompts = """{"predefined_injections": [{"type": "prompt_injection"}, {"type": "jailbreak"}]}""";

    public const string Indirect = """{"predefined_injections": [{"type": "indirect_injection"}]}""";

    public static readonly InjectionProtectionPlugin Plugin = new();

    public static IGuardrailEvaluator Evaluator(string settings)
    {
        var reader = GuardrailSettings.Parse(settings);
        var evaluator = Plugin.Create(reader);
        Assert.That(reader.Problems, Is.Empty);
        return evaluator;
    }

    public static GuardrailVerdict Judge(
        IGuardrailEvaluator evaluator,
        GuardrailContent content,
        GuardrailStage stage = GuardrailStage.PreRequest,
        GuardrailContent? request = null) =>
        evaluator.EvaluateAsync(new GuardrailCall(stage, content) { RequestContent = request }, CancellationToken.None).AsTask().GetAwaiter()
            .GetResult();

    public static GuardrailVerdict Judge(string settings, string text, SegmentKind? kind = null, SegmentRole? role = null) =>
        Judge(Evaluator(settings), Content(text, kind, role));

    public static GuardrailContent Content(string text, SegmentKind? kind = null, SegmentRole? role = null, Editability editability = default)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(text, new SegmentInfo { Role = role ?? SegmentRole.User, Kind = kind ?? SegmentKind.Message, Editability = editability });
        return builder.Build();
    }

    public static GuardrailContent Joined(params string[] parts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var part in parts)
        {
            builder.AddText(part, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Join = 0 });
        }

        return builder.Build();
    }

    public static string[] Rules(GuardrailVerdict verdict) => [.. verdict.Findings.Select(f => f.Rule).Distinct()];

    /// <summary>The texts after the edits, which must not overlap.</summary>
    public static string Apply(GuardrailVerdict verdict, GuardrailContent content, string replacement = "[REMOVED]")
    {
        var bytes = content[0].Utf8.ToArray().ToList();
        var end = bytes.Count;
        foreach (var edit in verdict.Edits.OrderByDescending(e => e.Span.Start))
        {
            Assert.That(edit.Span.End, Is.LessThanOrEqualTo(end), "edits overlap");
            bytes.RemoveRange(edit.Span.Start, edit.Span.Length);
            bytes.InsertRange(edit.Span.Start, Encoding.UTF8.GetBytes(replacement));
            end = edit.Span.Start;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
