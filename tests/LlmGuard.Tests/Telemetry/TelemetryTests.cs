using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmGuard.Counters;
using LlmGuard.Execution.Background;
using LlmGuard.Policy.Revisions;
using LlmGuard.Telemetry;
using LlmGuard.Tests.Execution.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Test]
    public async Task Evaluate_Outcomes_AreCountedWithBoundedTags()
    {
        var measured = new List<(string Name, string Tags)>();
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("opens", new ScriptedEvaluator(GuardrailVerdict.Fail(FailureClass.Availability, "unheard_of")), onError: FailurePolicy.Allow),
            Entry("blocks", GuardrailVerdict.Block())));
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == TelemetryNames.Source)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        var mine = new object();
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
        listener.Start();

        await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.That(measured, Is.SupersetOf(new[]
        {
            (TelemetryNames.Decisions, "llmguard.action=block llmguard.plugin=blocks llmguard.stage=pre_request"),
            (TelemetryNames.Failures, "llmguard.failure.class=availability llmguard.failure.reason=other llmguard.plugin=opens"),
            (TelemetryNames.FailedOpen, "llmguard.plugin=opens"),
            (TelemetryNames.EvaluationDuration, "llmguard.plugin=blocks llmguard.stage=pre_request"),
        }));

        void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (mine)
            {
                measured.Add((instrument.Name, string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal))));
            }
        }
    }

    [Test]
    public void Meters_OfAnApplication_HaveThePackagesVersion()
    {
        var versions = new ConcurrentQueue<(string Instrument, string? Version)>();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, services.GetService<IMeterFactory>()))
                {
                    versions.Enqueue((instrument.Name, instrument.Meter.Version));
                }
            },
        };
        listener.Start();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var engine = new GuardrailTelemetry(factory, new HeldBytesBudget(1));
        using var counters = new CounterMetrics(factory);
        using var policy = new PolicyMetrics(factory);

        Assert.That(PackageVersion.Text, Does.Match(@"^\d+\.\d+\.\d+(-[\w.]+)?$"), "without the commit behind a plus sign");
        Assert.That(versions.Select(static v => v.Instrument), Is.SupersetOf(new[]
        {
            TelemetryNames.Decisions, TelemetryNames.CountersDegraded, "llmguard.policy.reloads",
        }));
        Assert.That(versions.Select(static v => v.Version), Is.All.EqualTo(PackageVersion.Text));
    }

    [Test]
    public async Task Evaluate_WithListener_StartsOneActivityForTheStage()
    {
        var ended = new List<Activity>();
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("blocks", GuardrailVerdict.Block())));
        using var listener = Listen(ended);

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        var activity = ended.Single(a => a.GetTagItem(TelemetryNames.CallIdTag) is string id && id == decision.Id);
        Assert.Multiple(() =>
        {
            Assert.That(activity.Source.Version, Is.EqualTo(PackageVersion.Text));
            Assert.That(activity.GetTagItem(TelemetryNames.StageTag), Is.EqualTo("pre_request"));
            Assert.That(activity.GetTagItem(TelemetryNames.ActionTag), Is.EqualTo("block"));
            Assert.That(activity.GetTagItem(TelemetryNames.PluginTag), Is.EqualTo("blocks"));
        });
    }

    [Test]
    public async Task Evaluate_RemoteEntry_StartsAnActivityOfItsOwnUnderTheStage()
    {
        var traced = new TaskCompletionSource<Activity?>();
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("judge", new ScriptedEvaluator((_, _) =>
            {
                traced.TrySetResult(Activity.Current);
                return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Flag());
            }), inline: false, remote: true),
            Entry("broken", new ScriptedEvaluator(GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Throttled)), inline: false,
                remote: true, onError: FailurePolicy.Allow),
            Entry("local", new ScriptedEvaluator(GuardrailVerdict.Allow)),
            Entry("slow_local", new ScriptedEvaluator(GuardrailVerdict.Allow), inline: false)));
        var ended = new List<Activity>();
        using var listener = Listen(ended);

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        var stage = ended.Single(a => a.GetTagItem(TelemetryNames.CallIdTag) is string id && id == decision.Id);
        var own = ended.Where(a => a.ParentSpanId == stage.SpanId).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(own.Select(a => (a.OperationName, a.Kind, a.GetTagItem(TelemetryNames.PluginTag))), Is.EqualTo(new[]
            {
                (TelemetryNames.EvaluationActivity, ActivityKind.Client, (object?)"judge"),
                (TelemetryNames.EvaluationActivity, ActivityKind.Client, "broken"),
            }), "none for those that stay in the process");
            Assert.That(traced.Task.Result, Is.SameAs(own[0]), "what the judge itself traces hangs from it");
            Assert.That(own[0].Tags, Is.EquivalentTo(new Dictionary<string, string?>
            {
                [TelemetryNames.PluginTag] = "judge",
                [TelemetryNames.EntryTag] = "gateway/Gateway/judge",
                [TelemetryNames.StageTag] = "pre_request",
                [TelemetryNames.OutcomeTag] = "flag",
            }));
            Assert.That(own[1].Status, Is.EqualTo(ActivityStatusCode.Error));
            Assert.That(own[1].GetTagItem(TelemetryNames.FailureClassTag), Is.EqualTo("availability"));
            Assert.That(own[1].GetTagItem(TelemetryNames.FailureReasonTag), Is.EqualTo("throttled"));
        });
    }

    [Test]
    public async Task BeginStream_WithListener_StartsAnActivityThatIsNobodysCurrentOneAndEndsWithTheCall([Values] bool isDecided)
    {
        using var harness = new Harness(At(GuardrailStage.PreResponse, Entry("allows", GuardrailVerdict.Allow)));
        var ended = new List<Activity>();
        using var listener = Listen(ended);
        using var root = new Activity("test").Start();
        var call = harness.Begin();

        var stream = call.BeginStream();
        Assert.That(Activity.Current, Is.SameAs(root));
        using (var reading = new Activity("reading").Start())
        {
            _ = isDecided ? stream.Conclude(null) : null;
            Assert.That(Activity.Current, Is.SameAs(reading));
            Assert.That(ended.Count(a => a.TraceId == root.TraceId), Is.EqualTo(isDecided ? 1 : 0));
        }

        await call.DisposeAsync();

        var activity = ended.Single(a => a.TraceId == root.TraceId);
        Assert.Multiple(() =>
        {
            Assert.That(activity.ParentSpanId, Is.EqualTo(root.SpanId));
            Assert.That(activity.GetTagItem(TelemetryNames.StageTag), Is.EqualTo("pre_response"));
            Assert.That(activity.GetTagItem(TelemetryNames.ActionTag), Is.EqualTo(isDecided ? "allow" : null),
                "given up before there was a decision");
        });
    }

    [Test]
    public async Task Evaluate_RemoteEntryOverdue_EndsItsActivityAsTimedOut()
    {
        var started = new TaskCompletionSource();
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry(
            "overdue_judge",
            new ScriptedEvaluator(async (_, token) =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
                return GuardrailVerdict.Allow;
            }),
            inline: false,
            remote: true)));
        var ended = new List<Activity>();
        using var listener = Listen(ended);
        var evaluation = harness.EvaluateAsync(GuardrailStage.PreRequest, "text").AsTask();
        await started.Task;
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        await evaluation;

        Activity[] all;
        lock (ended)
        {
            all = [.. ended];
        }

        var own = all.Single(a => a.GetTagItem(TelemetryNames.PluginTag) is "overdue_judge" && a.OperationName == TelemetryNames.EvaluationActivity);
        Assert.That((own.Status, own.GetTagItem(TelemetryNames.FailureReasonTag)), Is.EqualTo((ActivityStatusCode.Error, (object?)"timeout")));
    }

    [Test]
    public async Task Evaluate_DraftEvents_NameComponentPolicyAndResult()
    {
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("allows", GuardrailVerdict.Allow),
            Entry("flags", GuardrailVerdict.Flag()),
            Entry("fails", new ScriptedEvaluator(GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Throttled)),
                onError: FailurePolicy.Allow),
            Entry("blocks", GuardrailVerdict.Block(new GuardrailRefusal { Reason = "why" }))));

        await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        var events = harness.Log.Lines.Where(l => l.Category == GenAiGuardrailEvents.Category).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(events.Select(e => e.Event.Name), Is.All.EqualTo("gen_ai.guardrail.result"));
            Assert.That(events.Select(e => e.Level),
                Is.EqualTo(new[] { LogLevel.Debug, LogLevel.Information, LogLevel.Information, LogLevel.Information }),
                "an ordinary request is not worth a line of an application's log");
            Assert.That(events[3].Attributes, Is.EqualTo(new KeyValuePair<string, object?>[]
            {
                new("gen_ai.guardrail.component.name", "blocks"),
                new("gen_ai.guardrail.policy.id", "gateway/Gateway/blocks"),
                new("gen_ai.guardrail.policy.version", "revision"),
                new("gen_ai.guardrail.result.type", "outcome"),
                new("gen_ai.guardrail.result.value", "block"),
                new("gen_ai.guardrail.result.reason", "why"),
                new("gen_ai.guardrail.source", "pre_request"),
            }));
        });
    }

    [Test]
    public async Task AuditLog_Levels_FollowTheAction()
    {
        using var harness = new Harness(Plan(
            preRequest: Stage(Entry("allows", GuardrailVerdict.Allow)),
            preResponse: Stage(Entry("flags", GuardrailVerdict.Flag()))));
        await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        await harness.EvaluateAsync(GuardrailStage.PreResponse, "text");

        var levels = harness.Log.Lines.Where(l => l.Event.Name == "GuardrailDecision").Select(l => l.Level);

        Assert.That(levels, Is.EqualTo(new[] { LogLevel.Debug, LogLevel.Information }));
    }

    private static ActivityListener Listen(List<Activity> ended)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
