using LlmGuard.Execution;
using LlmGuard.Planning;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

/// <summary>
/// A stage in which nobody has anything to say is judged without a run of its own, and by evaluators of ours with one call that is lent to all of
/// them: nothing of that may be seen from outside.
/// </summary>
public sealed class QuietPassTests
{
    private static readonly string[] Kinds = ["allow", "flag", "mask", "block", "fail", "null", "throw", "wait", "state"];

    [Test]
    public async Task Evaluate_AnyVerdicts_DecidesWhatTheLongWayDecides()
    {
        var random = new Random(20261123);
        for (var round = 0; round < 400; round++)
        {
            var kinds = Enumerable.Range(0, random.Next(1, 7)).Select(_ => Kinds[random.Next(random.Next(1, Kinds.Length + 1))]).ToArray();
            var isLent = random.Next(2) == 0;
            var isCall = random.Next(2) == 0;
            using var watched = new Harness(Plan(kinds, isLent, out var watchedLog));
            using var quiet = new QuietHarness(Plan(kinds, isLent, out var quietLog));

            var expected = await Decide(watched.Guardrails, isCall);
            var decided = await Decide(quiet.Guardrails, isCall);

            Assert.That(decided, Is.EqualTo(expected), string.Join(", ", kinds));
            Assert.That(quietLog, Is.EqualTo(watchedLog), string.Join(", ", kinds));
            Assert.That(quiet.Policy.Leases, Is.Zero);
        }
    }

    [Test]
    public async Task Evaluate_Passed_TellsOfEveryEntryHowLongItTook([Values(1, 4, 7)] int entries, [Values(1, 600)] int seconds)
    {
        var time = new ManualTime();
        var all = Enumerable.Range(1, entries).Select(i =>
            Of($"e{i}", new Judge(_ => time.Advance(TimeSpan.FromSeconds(i * seconds))), isLent: true));
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, [.. all]), time);

        var decision = await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("text"));

        Assert.That(decision.Results.Select(static r => (r.Entry.Plugin, r.Outcome, r.Elapsed)), Is.EqualTo(
            Enumerable.Range(1, entries).Select(i => ($"e{i}", VerdictOutcome.Allow, TimeSpan.FromSeconds(i * seconds)))));
    }

    [Test]
    public void Evaluate_CallerCancels_IsNeitherAllowedNorKept([Values] bool isLent)
    {
        using var cancellation = new CancellationTokenSource();
        var state = new Disposable();
        var cancelling = new ScriptedEvaluator((call, _) =>
        {
            call.State.Value = state;
            cancellation.Cancel();
            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        });
        var second = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, Of("a", cancelling, isLent), Of("b", second, isLent)));

        Assert.That(
            async () => await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("text"), null, cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(second.Calls, Is.Empty);
        Assert.That(state.IsDisposed);
        Assert.That(quiet.Policy.Leases, Is.Zero);
    }

    [Test]
    public async Task Evaluate_CallKept_IsGone()
    {
        GuardrailCall? kept = null;
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, Of("a", new Judge(call => kept = call), isLent: true)));

        await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("text"), Options("alice"));

        Assert.That(() => kept!.Content, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(kept!.Caller, Is.SameAs(GuardrailCaller.Anonymous));
    }

    [Test]
    public async Task Evaluate_EvaluatorOfOthers_GetsACallOfItsOwn()
    {
        var evaluator = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, Entry("a", evaluator), Entry("b", evaluator)));

        await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("first"), Options("alice"));
        await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("second"), Options("bob"));

        Assert.That(evaluator.Calls.Select(static c => $"{c.Caller.Consumer} {c.Content[0].Text} {c.Entry.Plugin}"), Is.EqualTo(
            new[] { "alice first a", "alice first b", "bob second a", "bob second b" }));
    }

    [Test]
    public async Task Evaluate_OneWaitsWithItsCall_NoOtherIsLentThat()
    {
        var going = new TaskCompletionSource();
        var waiting = new ScriptedEvaluator(async (call, _) =>
        {
            if (call.Caller.Consumer == "alice")
            {
                await going.Task;
            }

            return call.Content[0].Text == call.Caller.Consumer ? GuardrailVerdict.Allow : GuardrailVerdict.Block(new GuardrailRefusal());
        });
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, Of("a", waiting, isLent: true)));

        var first = quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("alice"), Options("alice")).AsTask();
        var second = await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("bob"), Options("bob"));
        going.SetResult();

        Assert.That(second.IsAllowed);
        Assert.That((await first).IsAllowed);
    }

    [Test]
    public async Task Evaluate_ManyAtOnce_EachSeesItsOwn()
    {
        var wrong = 0;
        var judge = new Judge(call =>
        {
            // What one call sees is put together of everything that is handed on from call to call.
            var name = call.Caller.Consumer ?? "nobody";
            var isEven = name[0] == 'e';
            var isOwn = call.Content.Count == 1 && call.Content[0].Text == name && call.Method == name && call.Model is null
                && call.Seam == (isEven ? GuardrailSeam.Chat : GuardrailSeam.Incoming) && call.TakenState is null
                && Equals(call.RemoteAddress, isEven ? System.Net.IPAddress.Loopback : null) && call.RequestContent is null;
            Thread.SpinWait(Random.Shared.Next(50));
            Interlocked.Add(ref wrong, isOwn && call.Content[0].Text == call.Caller.Consumer ? 0 : 1);
        });
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, Of("a", judge, isLent: true), Of("b", judge, isLent: true)));

        await Parallel.ForAsync(0, 4000, async (i, cancellation) =>
        {
            var name = (i % 2 == 0 ? "even " : "odd ") + i;
            var options = new GuardedCallOptions(new GuardrailCaller(name))
            {
                Method = name,
                Seam = i % 2 == 0 ? GuardrailSeam.Chat : GuardrailSeam.Incoming,
                RemoteAddress = i % 2 == 0 ? System.Net.IPAddress.Loopback : null,
            };
            var isAllowed = i % 3 == 0
                ? (await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text(name), options, cancellation)).IsAllowed
                : await IsAllowedInACall(quiet.Guardrails, name, options);
            Interlocked.Add(ref wrong, isAllowed ? 0 : 1);
        });

        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public async Task Evaluate_EvaluatorCallsTheEngine_BothSeeTheirOwn()
    {
        // As it would be on a flow that the engine has not marked as an evaluation's, on the very thread that has lent the outer call.
        var flow = ExecutionContext.Capture()!;
        var seen = new List<string>();
        QuietHarness? quiet = null;
        var judge = new Judge(call =>
        {
            if (call.Content[0].Text == "outer")
            {
                ExecutionContext.Run(flow, _ => Assert.That(
                    quiet!.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("inner"), Options("bob")).AsTask().Result.IsAllowed), null);
            }

            seen.Add($"{call.Caller.Consumer} {call.Content[0].Text}");
        });
        using (quiet = new QuietHarness(At(GuardrailStage.PreRequest, Of("a", judge, isLent: true), Of("b", judge, isLent: true))))
        {
            await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("first"), Options("eve"));
            await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("outer"), Options("alice"));
        }

        Assert.That(seen, Is.EqualTo(
            new[] { "eve first", "eve first", "bob inner", "bob inner", "alice outer", "bob inner", "bob inner", "alice outer" }));
        Assert.That(quiet.Policy.Leases, Is.Zero);
    }

    [Test]
    public async Task Evaluate_EvaluatorThrows_TheNextCallSeesNothingOfIt()
    {
        var seen = new List<string>();
        var judge = new Judge(call =>
        {
            seen.Add($"{call.Caller.Consumer} {call.Content[0].Text} {call.State.Value}");
            call.State.Value = "state of " + call.Caller.Consumer;
            if (call.Caller.Consumer == "alice")
            {
                throw new InvalidOperationException("an evaluator's own");
            }
        });
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, Of("a", judge, isLent: true)));

        var thrown = await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("one"), Options("alice"));
        var next = await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("two"), Options("bob"));

        Assert.That((thrown.IsAllowed, next.IsAllowed), Is.EqualTo((false, true)));
        Assert.That(seen, Is.EqualTo(new[] { "alice one ", "bob two " }));
    }

    [Test]
    public async Task Evaluate_StateTaken_IsDisposedWithTheCall([Values] bool isLent)
    {
        var states = new List<Disposable>();
        var evaluator = new Judge(call =>
        {
            Assert.That(call.State.Value, Is.Null);
            var state = new Disposable();
            states.Add(state);
            call.State.Value = state;
        });
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, Of("a", evaluator, isLent)));

        for (var i = 0; i < 3; i++)
        {
            await quiet.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("text"));
        }

        Assert.That(states.Select(static s => s.IsDisposed), Is.EqualTo(new[] { true, true, true }));
    }

    private static async Task<bool> IsAllowedInACall(AiGuardrails guardrails, string text, GuardedCallOptions options)
    {
        await using var call = guardrails.Begin(options);
        return (await call.EvaluateAsync(GuardrailStage.PreRequest, Text(text))).IsAllowed;
    }

    private static async Task<string> Decide(AiGuardrails guardrails, bool isCall)
    {
        GuardrailDecision decision;
        if (isCall)
        {
            await using var call = guardrails.Begin(Options("alice"));
            decision = await call.EvaluateAsync(GuardrailStage.PreRequest, Text("some text"));
        }
        else
        {
            decision = await guardrails.EvaluateAsync(GuardrailStage.PreRequest, Text("some text"), Options("alice"));
        }

        var results = decision.Results.Select(static r => $"{r.Entry.Plugin} {r.Outcome} {r.Failure} {r.IsMonitor} {r.FailedOpen} "
            + $"{r.WasCancelled} {string.Join("+", r.Findings)} {r.EditsBefore.Count}");
        var edits = decision.Edits.Select(static e => $"{e.Segment} {e.Span} {Convert.ToHexString(e.Utf8.Span)}");
        return $"{decision.Action} {decision.Refusal} {decision.Content[0].Text} {string.Join("; ", edits)} | {string.Join("; ", results)}";
    }

    private static EffectivePlan Plan(string[] kinds, bool isLent, out List<string> log)
    {
        var lines = log = [];
        return At(GuardrailStage.PreRequest, [.. kinds.Select((kind, i) => Of($"{kind}{i}", new ScriptedEvaluator((call, _) =>
        {
            lines.Add($"{call.Entry.Plugin} {call.Content[0].Text} {call.Caller.Consumer} {call.Timeout} {call.IsMonitor} {call.State.Value}");
            return Judged(kind, call);
        }), isLent))]);
    }

    private static ValueTask<GuardrailVerdict> Judged(string kind, GuardrailCall call)
    {
        GuardrailFinding[] found = [new("rule", "type", 0, new TextSpan(0, 1))];
        call.State.Value = kind == "state" ? "kept" : null;
        return kind switch
        {
            "flag" => new(GuardrailVerdict.Flag(found)),
            "mask" => new(Mask(0, 2)),
            "block" => new(GuardrailVerdict.Block(new GuardrailRefusal { Reason = "reason" }, found)),
            "fail" => new(GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.PatternBound)),
            "null" => new((GuardrailVerdict)null!),
            "throw" => throw new InvalidOperationException("an evaluator's own"),
            "wait" => Later(),
            _ => new(GuardrailVerdict.Allow),
        };

        static async ValueTask<GuardrailVerdict> Later()
        {
            await Task.Yield();
            return GuardrailVerdict.Allow;
        }
    }

    private static PlanEntry Of(string plugin, IGuardrailEvaluator evaluator, bool isLent)
    {
        var entry = Entry(plugin, evaluator);
        return new PlanEntry { Key = entry.Key, Plugin = entry.Plugin, Evaluator = evaluator, Timeout = entry.Timeout, IsLentCalls = isLent };
    }

    private static GuardrailContent Text(string text) => GuardrailContent.FromText(text, SegmentRole.User);

    private static GuardedCallOptions Options(string consumer) => new(new GuardrailCaller(consumer));

    private sealed class Judge(Action<GuardrailCall> look) : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            look(call);
            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        }
    }

    private sealed class Disposable : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
