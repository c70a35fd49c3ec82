using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Tests.Purity;

/// <summary>
/// Holds an evaluator to what <see cref="ISegmentEvaluator"/> promises, on random contents made of the texts given: single parts, joined parts, roles
/// and kinds. The same contents on every run.
/// </summary>
internal static class SegmentPurity
{
    private static readonly int Contents = FuzzBudget.Of(150);
    private static readonly SegmentRole[] Roles = [SegmentRole.User, SegmentRole.System, SegmentRole.Tool, SegmentRole.Unknown];
    private static readonly SegmentKind[] Kinds = [SegmentKind.Message, SegmentKind.ToolResult, SegmentKind.Document];

    /// <summary>Checks the promise.</summary>
    /// <param name="evaluator">The evaluator.</param>
    /// <param name="texts">Texts, of which some are found by its rules, some are halves that are found joined, and some are clean.</param>
    /// <param name="stage">The stage.</param>
    public static void Check(IGuardrailEvaluator evaluator, IReadOnlyList<string> texts, GuardrailStage stage = GuardrailStage.PreRequest)
    {
        Assert.That(((ISegmentEvaluator)evaluator).IsPurePerSegment(stage), Is.True);
        var (found, reduced) = (0, 0);
        for (var seed = 0; seed < Contents; seed++)
        {
            var all = Parts(new Random(seed), texts);
            var clean = all.GroupBy(p => p.Unit).Where(unit => Judge(evaluator, stage, [.. unit]) is { } alone && IsClean(alone))
                .Select(unit => unit.Key).ToHashSet();
            var left = all.Where(p => !clean.Contains(p.Unit)).ToArray();
            var whole = Judge(evaluator, stage, all);
            var rest = Judge(evaluator, stage, left);
            Assert.That(Shape(rest, left), Is.EqualTo(Shape(whole, all)), $"content {seed}: what is clean alone changes the verdict");
            Assert.That(IsClean(whole), Is.EqualTo(left.Length == 0), $"content {seed}");
            if (whole.Failure is null && whole.Outcome != VerdictOutcome.Block)
            {
                var named = whole.Findings.Select(f => all[f.Segment].Unit).Concat(whole.Edits.Select(e => all[e.Segment].Unit)).ToHashSet();
                Assert.That(left.Select(p => p.Unit).Except(named), Is.Empty, $"content {seed}: something was found that the verdict does not name");
            }

            found += left.Length > 0 ? 1 : 0;
            reduced += left.Length > 0 && clean.Count > 0 ? 1 : 0;
        }

        Assert.That((found, reduced), Is.GreaterThan((Contents / 4, Contents / 4)), "the texts prove little");
    }

    private static Part[] Parts(Random random, IReadOnlyList<string> texts) =>
    [
        .. Enumerable.Range(0, random.Next(1, 9)).Select(place =>
        {
            var join = random.Next(-3, 2);
            var (role, kind) = join < 0 ? (Roles[random.Next(Roles.Length)], Kinds[random.Next(Kinds.Length)]) : (Roles[join], Kinds[0]);
            return new Part(place, texts[random.Next(texts.Count)], new SegmentInfo { Role = role, Kind = kind, Join = Math.Max(join, -1) });
        }),
    ];

    private static GuardrailVerdict Judge(IGuardrailEvaluator evaluator, GuardrailStage stage, IReadOnlyList<Part> parts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var part in parts)
        {
            builder.AddText(part.Text, part.Info);
        }

        return evaluator.EvaluateAsync(new GuardrailCall(stage, builder.Build()), CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    private static bool IsClean(GuardrailVerdict verdict) =>
        verdict is { Failure: null, Outcome: VerdictOutcome.Allow, Findings.Count: 0, Edits.Count: 0, ResponseHeaders.Count: 0 };

    /// <summary>All that a verdict says, with the places of the content it is part of.</summary>
    private static string Shape(GuardrailVerdict verdict, IReadOnlyList<Part> parts) => string.Join(
        '\n',
        new[] { $"{verdict.Failure} {verdict.Outcome} {verdict.Refusal}" }
            .Concat(verdict.Findings.Select(f => $"{parts[f.Segment].Place}: {f.Rule} {f.Type} {f.Span} {f.Severity} {f.Confidence}"))
            .Concat(verdict.Edits.Select(e =>
                $"{parts[e.Segment].Place}: {e.Span} {e.Replacement.Form} {e.Replacement.Strength} {e.Replacement.Value}")));

    private sealed record Part(int Place, string Text, SegmentInfo Info)
    {
        /// <summary>Joined parts are judged together.</summary>
        public int Unit => Info.Join < 0 ? Place : -1 - Info.Join;
    }
}
