using System.Diagnostics.Metrics;
using LlmGuard.Planning;
using LlmGuard.Telemetry;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Caching;

public sealed class CleanSegmentCacheTests
{
    [Test]
    public async Task Evaluate_SecondTurn_JudgesOnlyWhatIsNew()
    {
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);

        await Turn(harness, "one", "two");
        await Turn(harness, "one", "two", "three");

        Assert.That(words.Judged, Is.EqualTo(new[] { "one", "two", "three" }));
    }

    [Test]
    public async Task Evaluate_NothingNew_AllowsWithoutAsking()
    {
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);

        await Turn(harness, "one");
        var decision = await Turn(harness, "one");

        Assert.Multiple(() =>
        {
            Assert.That(words.Calls, Is.EqualTo(1));
            Assert.That(decision.Results.Single().Outcome, Is.EqualTo(VerdictOutcome.Allow));
            Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow));
        });
    }

    [Test]
    public async Task Evaluate_TextWithAFinding_IsJudgedEveryTimeAndItsCleanNeighbourOnce()
    {
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);

        await Turn(harness, "clean", "bad text");
        var decision = await Turn(harness, "clean", "bad text");

        Assert.Multiple(() =>
        {
            Assert.That(words.Judged, Is.EqualTo(new[] { "clean", "bad text", "bad text" }));
            Assert.That(decision.Content[1].Text, Is.EqualTo("### text"));
            Assert.That(decision.Results.Single().Findings.Single().Segment, Is.EqualTo(1), "indexes are those of the call");
        });
    }

    [TestCase("role")]
    [TestCase("kind")]
    [TestCase("name")]
    [TestCase("source")]
    [TestCase("editability")]
    [TestCase("whole value")]
    [TestCase("text")]
    public async Task Evaluate_OneThingDiffers_IsJudgedAgain(string what)
    {
        var info = new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Name = "n" };
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);
        await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Content(("same", info)));

        var other = what switch
        {
            "role" => info with { Role = SegmentRole.System },
            "kind" => info with { Kind = SegmentKind.Document },
            "name" => info with { Name = null },
            "source" => info with { Source = SegmentSource.Headers },
            "editability" => info with { Editability = Editability.Signed },
            "whole value" => info with { Editability = Editability.WholeValue },
            _ => info,
        };
        await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Content((what == "text" ? "samf" : "same", other)));

        Assert.That(words.Calls, Is.EqualTo(2));
    }

    private static IEnumerable<TestCaseData> Neighbours()
    {
        var info = new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message };
        yield return new TestCaseData(info with { Name = "" }, info with { Name = null }).SetArgDisplayNames("no name and an empty one");
        yield return new TestCaseData(info with { Editability = Editability.Signed }, info with { Editability = Editability.Opaque })
            .SetArgDisplayNames("reasons of one length");
        yield return new TestCaseData(
            info with { Role = new SegmentRole("a"), Kind = new SegmentKind("b") },
            info with { Role = new SegmentRole("ab"), Kind = new SegmentKind("\0") }).SetArgDisplayNames("letters of one in the other");
    }

    [TestCaseSource(nameof(Neighbours))]
    public async Task Evaluate_InfosOfTheSameLength_AreJudgedEach(SegmentInfo first, SegmentInfo second)
    {
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);
        await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Content(("same", first)));
        await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Content(("same", second)));

        Assert.That(words.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Evaluate_PositionDiffers_IsNotJudgedAgain()
    {
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);
        await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Content(("same", new SegmentInfo { Position = new SegmentPosition(1) })));
        await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Content(("same", new SegmentInfo { Position = new SegmentPosition(2) })));

        Assert.That(words.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Evaluate_OtherConsumer_IsJudgedForItself()
    {
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);
        foreach (var consumer in new[] { "alice", "bob", null, "alice" })
        {
            await harness.Guardrails.EvaluateAsync(
                GuardrailStage.PreRequest,
                GuardrailContent.FromText("same", SegmentRole.User),
                new GuardedCallOptions { Caller = new GuardrailCaller(consumer) });
        }

        Assert.That(words.Calls, Is.EqualTo(3));
    }

    [Test]
    public async Task Evaluate_OtherStage_IsJudgedForItself()
    {
        var words = new WordEvaluator("bad");
        var entry = CachedEntry("words", words);
        using var harness = new Harness(Plan(preRequest: Stage(entry), preResponse: Stage(entry)));
        await harness.EvaluateAsync(GuardrailStage.PreRequest, "same");
        await harness.EvaluateAsync(GuardrailStage.PreResponse, "same");

        Assert.That(words.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Evaluate_TwoEntries_DoNotAnswerForEachOther()
    {
        var (first, second) = (new WordEvaluator("bad"), new WordEvaluator("evil"));
        using var harness = new Harness(At(GuardrailStage.PreRequest, CachedEntry("first", first), CachedEntry("second", second)));

        await Turn(harness, "evil text");
        var decision = await Turn(harness, "evil text");

        Assert.Multiple(() =>
        {
            Assert.That(first.Calls, Is.EqualTo(1), "clean for the first");
            Assert.That(second.Calls, Is.EqualTo(2));
            Assert.That(decision.Content[0].Text, Is.EqualTo("#### text"));
        });
    }

    [Test]
    public async Task Evaluate_JoinedParts_AreJudgedTogetherUnlessTheWholeRunWasClean()
    {
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);
        var joined = new SegmentInfo { Join = 7 };
        await Evaluate(("ba", joined), ("x", joined));
        await Evaluate(("y", joined), ("d", joined));

        var decision = await Evaluate(("ba", joined), ("d", joined));

        Assert.That(decision.Content.Select(s => s.Text), Is.EqualTo(new[] { "##", "#" }), "each part was clean in another run");

        async Task<GuardrailDecision> Evaluate(params (string, SegmentInfo)[] parts) =>
            await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Content(parts));
    }

    [Test]
    public async Task Evaluate_ImpureStageOrPlainEntry_IsJudgedEveryTime()
    {
        var words = new WordEvaluator("bad");
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("words", words)));
        await Turn(harness, "one");
        await Turn(harness, "one");

        Assert.That(words.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Evaluate_Monitor_RemembersToo()
    {
        var words = new WordEvaluator("bad");
        using var harness = new Harness(At(GuardrailStage.PreRequest, CachedEntry("words", words, monitor: true)));
        for (var i = 0; i < 3; i++)
        {
            await Turn(harness, "one");
            await harness.DrainAsync();
        }

        Assert.That(words.Calls, Is.EqualTo(1));
    }

    [TestCase("failure")]
    [TestCase("block")]
    [TestCase("a block that names one")]
    [TestCase("headers")]
    [TestCase("a finding without a place")]
    [TestCase("very many findings")]
    [TestCase("a flag that names nothing")]
    public async Task Evaluate_VerdictThatDoesNotSayAll_RemembersNothing(string what)
    {
        var verdict = what switch
        {
            "failure" => GuardrailVerdict.Fail(FailureClass.Availability, "timeout"),
            "block" => GuardrailVerdict.Block(),
            "a block that names one" => GuardrailVerdict.Block(null, new GuardrailFinding("r", "t", 1)),
            "headers" => GuardrailVerdict.Allow.WithResponseHeaders(KeyValuePair.Create("X-A", "b")),
            "a finding without a place" => GuardrailVerdict.Flag(new GuardrailFinding("r", "t")),
            "very many findings" => GuardrailVerdict.Flag([.. Enumerable.Repeat(new GuardrailFinding("r", "t", 1), 1000)]),
            _ => GuardrailVerdict.Flag(),
        };
        var evaluator = new WordEvaluator("bad") { Says = verdict };
        using var harness = Cached(evaluator);
        await Turn(harness, "one", "two");
        await Turn(harness, "one", "two");

        Assert.That(evaluator.Judged, Is.EqualTo(new[] { "one", "two", "one", "two" }));
    }

    [Test]
    public async Task Evaluate_OnThePool_RemembersUnlessItWasTooLate()
    {
        var words = new WordEvaluator("bad");
        using var harness = new Harness(At(GuardrailStage.PreRequest, CachedEntry("words", words, inline: false)));
        await Turn(harness, "one");
        await Turn(harness, "one", "two");

        Assert.That(words.Judged, Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task Evaluate_OnThePoolAndToldToStop_RemembersNothing()
    {
        var started = new TaskCompletionSource();
        var words = new WordEvaluator("bad")
        {
            Wait = async token =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.Infinite, token)
                    .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            },
        };
        using var harness = new Harness(At(GuardrailStage.PreRequest, CachedEntry("words", words, inline: false)));
        var first = Turn(harness, "one");
        await started.Task;
        harness.Time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.That((await first).Results.Single().Failure!.Reason, Is.EqualTo(FailureReasons.Timeout));

        words.Wait = null;
        await Turn(harness, "one");

        Assert.That(words.Calls, Is.EqualTo(2), "that it said allow when its time was over proves nothing");
    }

    [Test]
    public async Task Evaluate_HitsAndMisses_AreCountedByPlugin()
    {
        var counted = new Dictionary<string, long>();
        using var harness = Cached(new WordEvaluator("bad"), "counted_here_only");
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name is TelemetryNames.CacheHits or TelemetryNames.CacheMisses)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.Length == 1 && tags[0].Value is "counted_here_only")
            {
                counted[instrument.Name] = counted.GetValueOrDefault(instrument.Name) + value;
            }
        });
        listener.Start();

        await Turn(harness, "one", "two");
        await Turn(harness, "one", "two", "three");

        Assert.That(counted, Is.EqualTo(new Dictionary<string, long> { [TelemetryNames.CacheHits] = 2, [TelemetryNames.CacheMisses] = 3 }));
    }

    [Test]
    public async Task Evaluate_HistoryOfOneHundredKilobytes_ScansTheNewTextOnly()
    {
        var words = new WordEvaluator("bad");
        using var harness = Cached(words);
        var history = Enumerable.Range(0, 100).Select(i => $"{i} " + new string('x', 1020)).ToList();
        await Turn(harness, [.. history]);
        var before = words.JudgedBytes;
        for (var turn = 0; turn < 10; turn++)
        {
            history.Add($"turn {turn} " + new string('y', 1016));
            await Turn(harness, [.. history]);
        }

        Assert.That(words.JudgedBytes - before, Is.EqualTo(history.Skip(100).Sum(t => t.Length)), "100 times less than the 1 MB that was sent");
    }

    internal static Harness Cached(WordEvaluator evaluator, string plugin = "words") =>
        new(At(GuardrailStage.PreRequest, CachedEntry(plugin, evaluator)));

    internal static PlanEntry CachedEntry(
        string plugin,
        IGuardrailEvaluator evaluator,
        bool inline = true,
        bool monitor = false,
        bool parallel = false) =>
        Entry(plugin, evaluator, inline, parallel, monitor, cache: true);

    internal static GuardrailContent Content(params IEnumerable<(string Text, SegmentInfo Info)> segments)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var (text, info) in segments)
        {
            builder.AddText(text, info);
        }

        return builder.Build();
    }

    private static async Task<GuardrailDecision> Turn(Harness harness, params string[] texts) =>
        await harness.Guardrails.EvaluateAsync(
            GuardrailStage.PreRequest, Content(texts.Select(t => (t, new SegmentInfo { Role = SegmentRole.User }))));
}
