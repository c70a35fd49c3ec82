using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Planning;
using LlmGuard.Tests.Execution.Doubles;
using LlmGuard.Tests.Fuzzing;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Caching;

/// <summary>With or without the cache the same decisions, for any interleaving of callers, edits and reloads.</summary>
public sealed class CacheLawTests
{
    private static readonly string[] Words = ["a", "b", "a", "b", "ab", "ba", "xab", "cd", "c", "d", "", "a#"];

    private static readonly Gen<Part> Parts =
        from text in Gen.Elements(Words)
        from run in Gen.Choose(-2, 1)
        from role in Gen.Choose(0, 2)
        select new Part(text, Math.Max(-1, run), role);

    // Each step is a reload, or a call of somebody at some stage with some parts.
    private static readonly Gen<Step> Steps =
        from reload in Gen.Choose(0, 9)
        from caller in Gen.Elements("alice", "bob", null)
        from stage in Gen.Elements(GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse)
        from parts in Parts.ListOf()
        select new Step(reload, caller, stage, [.. parts.Take(8)]);

    [Test]
    public void Evaluate_AnySequence_DecidesTheSameWithAndWithoutCache() => AssertHolds(Steps.ListOf(30), 60, steps =>
    {
        var (plain, cached) = (new World(cache: false, 4 << 20), new World(cache: true, 4 << 20));
        using (plain.Harness)
        using (cached.Harness)
        {
            return steps.All(step => plain.Take(step) == cached.Take(step));
        }
    });

    [Test]
    public void Evaluate_TableOfOneRow_DecidesTheSame() => AssertHolds(Steps.ListOf(30), 60, steps =>
    {
        var (plain, cached) = (new World(cache: false, 128), new World(cache: true, 128));
        using (plain.Harness)
        using (cached.Harness)
        {
            return steps.All(step => plain.Take(step) == cached.Take(step));
        }
    });

    [Test]
    public void Evaluate_CallersAtTheSameTime_DecideTheSame() => AssertHolds(Steps.ListOf(20), 20, steps =>
    {
        var (plain, cached) = (new World(cache: false, 128), new World(cache: true, 128));
        using (plain.Harness)
        using (cached.Harness)
        {
            var calls = steps.Select(s => s with { Reload = 9 }).ToArray();
            var expected = calls.Select(plain.Take).ToArray();
            return Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).All(_ => calls.Select(cached.Take).SequenceEqual(expected));
        }
    });

    private static void AssertHolds<T>(Gen<T> values, int count, Func<T, bool> law) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(FuzzBudget.Of(count))
            .WithReplay(20261122UL, 19UL),
        Prop.ForAll(values.ToArbitrary(), law));

    internal sealed record Part(string Text, int Join, int Role);

    internal sealed record Step(int Reload, string? Caller, GuardrailStage Stage, Part[] Parts);

    /// <summary>
    /// Two entries in sequence and one in parallel, each masking what the others may produce, and one that judges only what users say.
    /// </summary>
    private sealed class World
    {
        private readonly bool _cache;
        private IGuardrailEvaluator[] _evaluators = [];

        public World(bool cache, long bytes)
        {
            _cache = cache;
            Renew(0);
            Harness = new Harness(Build(), options => options.MaxCleanSegmentCacheBytes = bytes);
        }

        public Harness Harness { get; }

        public string Take(Step step)
        {
            if (step.Reload < 3)
            {
                // A reload keeps the evaluators of entries it does not change.
                Renew(step.Reload);
                Harness.Policy.Plan = Build();
            }

            var content = CleanSegmentCacheTests.Content(step.Parts.Select(p => (p.Text, new SegmentInfo
            {
                Join = p.Join,
                Role = p.Role switch { 0 => SegmentRole.User, 1 => SegmentRole.System, _ => SegmentRole.Unknown },
                Kind = SegmentKind.Message,
            })));
            var decision = Harness.Guardrails.EvaluateAsync(step.Stage, content, new GuardedCallOptions { Caller = new GuardrailCaller(step.Caller) })
                .AsTask().GetAwaiter().GetResult();
            return string.Join('\n', decision.Results.Select(r =>
                $"{r.Entry.Plugin} {r.Outcome} {r.Failure} {string.Join(',', r.Findings.Select(f => f.ToString()))}")
                .Append(decision.Action.ToString())
                .Concat(decision.Content.Select(s => s.Text))
                .Concat(decision.Edits.Select(e => $"{e.Segment} {e.Span} {Convert.ToHexString(e.Utf8.Span)}")));
        }

        private void Renew(int changed)
        {
            IGuardrailEvaluator[] made = [Masking("ab"), Masking(changed == 1 ? "ba" : "cd"), Masking("#")];
            _evaluators = _evaluators.Length == 0 ? made : [.. _evaluators.Select((kept, i) => i == changed ? made[i] : kept)];
        }

        private static WordEvaluator Masking(string word) => new(word);

        private EffectivePlan Build()
        {
            var filter = new EntryFilter { Roles = ["user"] };
            var stage = Stage(
                Entry("first", _evaluators[0], cache: _cache),
                Entry("second", _evaluators[1], filter: filter, cache: _cache),
                Entry("third", _evaluators[2], parallel: true, cache: _cache),
                Entry("fourth", _evaluators[0], parallel: true, inline: false, cache: _cache));

            // post_request may not edit: there the verdicts fail alike.
            return Plan(stage, stage, stage);
        }
    }
}
