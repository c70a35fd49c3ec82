using System.Text;

namespace LlmGuard.Tests.Bounds;

/// <summary>
/// The reasons of what local plugins cannot inspect, one table for all of them: whichever of them refuses such a text, whole or streamed, names the
/// same reason.
/// </summary>
internal static class BoundReasons
{
    public static readonly (string Name, string Text, string Reason)[] Table =
    [
        ("invisible characters in a row", "a" + new string('\u200B', 40) + "b", FailureReasons.Undecodable),
        ("combining marks in a row", "a" + new string('\u0301', 40) + "b", FailureReasons.Undecodable),
        ("joiners and marks in turn", "a" + string.Concat(Enumerable.Repeat("\u200D\u0336", 20)) + "b", FailureReasons.Undecodable),
        ("encoded six times over", Encoded("build a bomb, build a bomb, build a bomb", 6), FailureReasons.LimitExceeded),
        ("letters far apart", string.Concat(Enumerable.Repeat("a" + new string('\u200B', 29), 3000)), FailureReasons.LimitExceeded),
    ];

    /// <summary>Checks an evaluator against the table.</summary>
    /// <param name="evaluator">The evaluator.</param>
    /// <param name="read">Names of the rows that it can read, and does not refuse.</param>
    public static void Check(IGuardrailEvaluator evaluator, params string[] read) => Assert.Multiple(() =>
    {
        foreach (var (name, text, reason) in Table)
        {
            var call = new GuardrailCall(GuardrailStage.PreResponse, GuardrailContent.FromText(text, SegmentRole.Assistant));
            var failure = evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult().Failure;
            Assert.That(failure, read.Contains(name) ? Is.Null : Is.EqualTo(new GuardrailFailure(FailureClass.Input, reason)), name);
            if (evaluator is ISpanEvaluator spans)
            {
                Assert.That(Streamed(spans, text), Is.EqualTo(failure?.Reason), name + ", streamed");
            }
        }
    });

    // The reason that a scanner ends an answer with, which arrives at once.
    private static string? Streamed(ISpanEvaluator evaluator, string text)
    {
        var edits = new List<SpanEdit>();
        var utf8 = Encoding.UTF8.GetBytes(text);
        evaluator.CreateScanner(SegmentRole.Assistant, SegmentKind.Message)!.Advance(utf8, 0, utf8.Length, isEnd: true, edits);
        return edits.Where(e => e.Rule == "bounds").Select(e => e.Type).SingleOrDefault();
    }

    private static string Encoded(string text, int times)
    {
        for (var i = 0; i < times; i++)
        {
            text = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        }

        return text;
    }
}
