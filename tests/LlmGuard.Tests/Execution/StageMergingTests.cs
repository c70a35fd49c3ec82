using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

public sealed class StageMergingTests
{
    /// <summary>From mild to severe; the number is the rank.</summary>
    private static readonly (string Name, int Rank, Func<GuardrailVerdict> Verdict)[] Outcomes =
    [
        ("allow", 0, () => GuardrailVerdict.Allow),
        ("flag", 1, () => GuardrailVerdict.Flag(new GuardrailFinding("r", "t"))),
        ("modify", 2, () => Mask(0, 1)),
        ("availability", 3, () => GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Transport)),
        ("input", 4, () => GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.PatternBound)),
        ("block", 5, () => GuardrailVerdict.Block()),
    ];

    private static IEnumerable<TestCaseData> Pairs() =>
        from first in Outcomes
        from second in Outcomes
        from firstArrives in new[] { true, false }
        select new TestCaseData(first.Name, second.Name, firstArrives);

    [TestCaseSource(nameof(Pairs))]
    public async Task Evaluate_ParallelPair_SameDecisionInEitherOrderOfArrival(string first, string second, bool firstArrives)
    {
        var one = Outcomes.Single(o => o.Name == first);
        var two = Outcomes.Single(o => o.Name == second);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new ScriptedEvaluator(async (_, token) =>
        {
            await gate.Task.WaitAsync(token);
            return (firstArrives ? two : one).Verdict();
        });
        var early = new ScriptedEvaluator((_, _) =>
        {
            var verdict = (firstArrives ? one : two).Verdict();
            if (verdict.Outcome != VerdictOutcome.Block)
            {
                gate.SetResult();
            }

            return new ValueTask<GuardrailVerdict>(verdict);
        });
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("one", firstArrives ? early : late, inline: false, parallel: true),
            Entry("two", firstArrives ? late : early, inline: false, parallel: true)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        var rank = Math.Max(one.Rank, two.Rank);
        var reported = one.Rank >= two.Rank ? "one" : "two";
        Assert.Multiple(() =>
        {
            Assert.That(decision.Action, Is.EqualTo(rank switch
            {
                0 => GuardrailAction.Allow,
                1 => GuardrailAction.Flag,
                2 => GuardrailAction.Modify,
                _ => GuardrailAction.Block,
            }));
            Assert.That(decision.Refusal?.StatusCode, Is.EqualTo(rank switch { 3 => 503, >= 4 => 403, _ => (int?)null }));
            Assert.That(decision.Refusal?.Code, Is.EqualTo(rank switch
            {
                3 => RefusalCodes.Unavailable,
                4 => RefusalCodes.InputUninspectable,
                5 => Blocker(one.Rank, two.Rank, firstArrives, reported),
                _ => null,
            }));
            Assert.That(decision.Results.Select(r => r.Entry.Plugin), Is.EqualTo(new[] { "one", "two" }));
            Assert.That(decision.Content[0].Text, Is.EqualTo(rank == 2 ? "#ext" : "text"));
        });
    }

    /// <summary>Of two blocks the one that arrives first ends the stage: verdicts that were not received are not reported.</summary>
    private static string Blocker(int one, int two, bool firstArrives, string reported) => one == 5 && two == 5 && !firstArrives ? "two" : reported;

    [Test]
    public async Task Evaluate_Sequence_EachSeesWhatTheOneBeforeLeft()
    {
        var second = new ScriptedEvaluator(Mask(0, 3, "bbb"));
        var third = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("one", Mask(4, 3, "XXXXX")),
            Entry("two", second, inline: false),
            Entry("three", third, parallel: true)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "aaa bbb ccc");

        Assert.Multiple(() =>
        {
            Assert.That(second.Texts, Is.EqualTo(new[] { "aaa XXXXX ccc" }));
            Assert.That(third.Texts, Is.EqualTo(new[] { "bbb XXXXX ccc" }));
            Assert.That(decision.Edits.Select(e => e.Span), Is.EqualTo(new[] { new TextSpan(0, 3), new TextSpan(4, 3) }));
        });
    }

    [Test]
    public async Task Evaluate_LaterEntryEditsALowerSegment_KeepsTheEditsOfHigherOnes()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("zero", new SegmentInfo { Role = SegmentRole.User });
        builder.AddText("one", new SegmentInfo { Role = SegmentRole.User });
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("first", GuardrailVerdict.Modify([new SegmentEdit(1, new TextSpan(0, 1), Replacement.Literal("#"))])),
            Entry("second", Mask(0, 1))));

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, builder.Build());

        Assert.That(decision.Content.Select(s => s.Text), Is.EqualTo(new[] { "#ero", "#ne" }));
        Assert.That(decision.Edits.Select(e => e.Segment), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public async Task Evaluate_EditOfASegmentThatTheEntryWasNotShown_Fails()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("system", new SegmentInfo { Role = SegmentRole.System });
        builder.AddText("user", new SegmentInfo { Role = SegmentRole.User });
        var filter = new LlmGuard.Planning.EntryFilter { Roles = ["user"] };
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", new ScriptedEvaluator(Mask(0, 1)), filter: filter)));

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, builder.Build());

        Assert.That(decision.Refusal?.Code, Is.EqualTo(RefusalCodes.InputUninspectable));
        Assert.That(decision.Results.Single().Failure?.Reason, Is.EqualTo(FailureReasons.InvalidEdit));
    }

    [Test]
    public async Task Evaluate_SequentialFailure_LaterEntriesSeeNothing()
    {
        var remote = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("mask", GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.PatternBound)),
            Entry("remote", remote, inline: false, remote: true)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.Multiple(() =>
        {
            Assert.That(decision.Refusal?.Code, Is.EqualTo(RefusalCodes.InputUninspectable));
            Assert.That(remote.Calls, Is.Empty);
        });
    }

    [Test]
    public async Task Evaluate_BlockAmongParallel_CancelsSiblings()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sibling = new ScriptedEvaluator(async (_, token) =>
        {
            using var registration = token.Register(cancelled.SetResult);
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return GuardrailVerdict.Allow;
        });
        var blocker = new ScriptedEvaluator(async (_, _) =>
        {
            await started.Task;
            return GuardrailVerdict.Block();
        });
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("sibling", sibling, inline: false, parallel: true),
            Entry("blocker", blocker, inline: false, parallel: true)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        await cancelled.Task;

        Assert.Multiple(() =>
        {
            Assert.That(decision.Refusal?.Code, Is.EqualTo("blocker"));
            Assert.That(decision.Results[0].WasCancelled, Is.True);
        });
    }

    // The second entry has the first one block, and then says something itself. What comes of the block goes its way over the thread pool, and nobody
    // tells when it has arrived: the second gives the pool ever more turns to have it there.
    [Test]
    public async Task Evaluate_VerdictThatComesAfterABlock_IsNotReceived()
    {
        for (var turns = 1; turns < 1 << 16; turns *= 2)
        {
            var asked = new TaskCompletionSource();
            var block = new TaskCompletionSource<GuardrailVerdict>();
            using var harness = new Harness(At(
                GuardrailStage.PreRequest,
                Entry("blocker", new ScriptedEvaluator((_, _) =>
                {
                    asked.SetResult();
                    return new ValueTask<GuardrailVerdict>(block.Task);
                }), inline: false, parallel: true),
                Entry("late", new ScriptedEvaluator((_, token) =>
                {
                    asked.Task.Wait(token);
                    block.SetResult(GuardrailVerdict.Block());
                    for (var turn = 0; turn < turns; turn++)
                    {
                        var taken = new TaskCompletionSource();
                        ThreadPool.QueueUserWorkItem(_ => taken.SetResult());
                        taken.Task.Wait(token);
                    }

                    return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Flag(new GuardrailFinding("r", "t")));
                }), parallel: true)));

            var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

            Assert.That(decision.Refusal?.Code, Is.EqualTo("blocker"));
            if (decision.Results[1].WasCancelled)
            {
                Assert.That((decision.Results[1].Outcome, decision.Results[1].Findings.Count), Is.EqualTo((VerdictOutcome.Allow, 0)));
                return;
            }
        }

        Assert.Fail("what came late was received each time");
    }

    [Test]
    public async Task Evaluate_RequestChangesOfAnEntryBeforeABlock_AreNoneOfTheDecision([Values] bool isBlocked)
    {
        var change = new RequestChange.Model("small");
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("router", GuardrailVerdict.Modify([change])),
            Entry("judge", isBlocked ? GuardrailVerdict.Block() : GuardrailVerdict.Allow)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.That(decision.RequestChanges, Is.EqualTo(isBlocked ? Array.Empty<RequestChange>() : [change]));
    }

    // A block is an error to the caller, whatever status a plugin asks for.
    [TestCase(200, 403)]
    [TestCase(399, 403)]
    [TestCase(400, 400)]
    [TestCase(599, 599)]
    [TestCase(600, 403)]
    [TestCase(null, 403)]
    public async Task Evaluate_BlockWithAStatusOfThePlugins_IsAnError(int? asked, int expected)
    {
        var verdict = GuardrailVerdict.Block(new GuardrailRefusal { StatusCode = asked });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", verdict)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.That(decision.Refusal?.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Evaluate_FailedOpen_PassesAndIsNeverRecordedAsAllow()
    {
        var entry = Entry("remote", new ScriptedEvaluator(GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Transport)),
            onError: FailurePolicy.Allow);
        using var harness = new Harness(At(GuardrailStage.PreRequest, entry));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.Multiple(() =>
        {
            Assert.That(decision.IsAllowed, Is.True);
            Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Flag));
            Assert.That(decision.Results[0].FailedOpen, Is.True);
        });
    }

    [Test]
    public async Task Evaluate_Block_EntryWordingPrecedesVerdictAndPlugin()
    {
        var verdict = GuardrailVerdict.Block(new GuardrailRefusal { StatusCode = 422, Message = "verdict", Reason = "why" });
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("plugin", new ScriptedEvaluator(verdict), statusCode: 451, message: "entry")));

        var refusal = (await harness.EvaluateAsync(GuardrailStage.PreRequest, "text")).Refusal;

        Assert.That(refusal, Is.EqualTo(new Refusal
        {
            StatusCode = 451,
            Code = "plugin",
            Message = "entry",
            Reason = "why",
            Plugin = "plugin",
            IsPolicyBlock = true,
        }));
    }

    [Test]
    public async Task Evaluate_ResponseHeaders_KeptOnBlock()
    {
        var verdict = GuardrailVerdict.Block().WithResponseHeaders(new KeyValuePair<string, string>("X-Limit", "1"));
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", verdict)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.That(decision.ResponseHeaders, Is.EqualTo(new[] { new KeyValuePair<string, string>("X-Limit", "1") }));
    }

    [Test]
    public async Task Evaluate_Filter_EntrySeesOnlyItsSegments()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("system", new SegmentInfo { Role = SegmentRole.System });
        builder.AddText("user", new SegmentInfo { Role = SegmentRole.User });
        builder.AddText("odd", new SegmentInfo { Role = new SegmentRole("wizard") });
        builder.AddText("header", new SegmentInfo { Role = SegmentRole.User, Source = SegmentSource.Headers });
        var evaluator = new ScriptedEvaluator(GuardrailVerdict.Allow);
        var filter = new LlmGuard.Planning.EntryFilter { Roles = ["user"] };
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", evaluator, needs: GuardrailNeeds.Content, filter: filter)));

        await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, builder.Build());

        Assert.That(evaluator.Calls[0].Content.Select(s => s.Text), Is.EqualTo(new[] { "user", "odd" }));
    }
}
