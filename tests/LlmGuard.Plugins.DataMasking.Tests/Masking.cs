using System.Text;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>Short ways to run the plugin in tests.</summary>
internal static class Masking
{
    public static IGuardrailEvaluator Evaluator(string settings)
    {
        var read = GuardrailSettings.Parse(settings);
        var evaluator = new DataMaskingPlugin().Create(read);
        Assert.That(read.Problems, Is.Empty);
        return evaluator;
    }

    public static string[] Problems(string settings)
    {
        var read = GuardrailSettings.Parse(settings);
        new DataMaskingPlugin().Create(read);
        return [.. read.Problems.Select(p => p.ToString())];
    }

    public static GuardrailVerdict Evaluate(string settings, GuardrailContent content) =>
        Evaluator(settings).EvaluateAsync(new GuardrailCall(GuardrailStage.PreRequest, content), CancellationToken.None).AsTask().GetAwaiter()
            .GetResult();

    public static string Mask(string settings, string text)
    {
        var content = GuardrailContent.FromText(text, SegmentRole.User);
        return Apply(content, Evaluate(settings, content))[0];
    }

    /// <summary>The texts of all segments after the edits of a verdict.</summary>
    public static string[] Apply(GuardrailContent content, GuardrailVerdict verdict)
    {
        Assert.That(verdict.Failure, Is.Null);
        return [.. content.Select(segment => Encoding.UTF8.GetString(Replacements.Apply(
            segment.Utf8.Span,
            [.. verdict.Edits.Where(e => e.Segment == segment.Index).OrderBy(e => e.Span.Start).Select(e => (e.Span, e.Replacement))])))];
    }
}
