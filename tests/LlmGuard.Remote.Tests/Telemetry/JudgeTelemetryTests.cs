using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Remote.Tests.Doubles;
using LlmGuard.Remote.Transport;

namespace LlmGuard.Remote.Tests.Telemetry;

public sealed class JudgeTelemetryTests
{
    private const string Text = "MARKER-77aa";

    [Test]
    public async Task Ask_Listened_IsAClientSpanAndADurationWithoutContent()
    {
        var spans = new ConcurrentQueue<Activity>();
        var measured = new ConcurrentQueue<string>();
        using var root = new Activity("test").AddBaggage("tenant", "secret-tenant").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == JudgeTelemetry.Source,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                // Tests run side by side: other judges have other roots.
                if (activity.TraceId == root.TraceId)
                {
                    spans.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var bench = await Bench.StartAsync();
        var meters = new MeterListener
        {
            InstrumentPublished = static (instrument, l) =>
            {
                if (instrument.Name == JudgeTelemetry.Duration)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            measured.Enqueue(string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
        meters.Start();
        bench.Cloud.Faults.Then(Fault.Instead(503, Text));
        var evaluator = bench.Evaluator();

        await evaluator.EvaluateAsync(Bench.Call(Text), default);
        await evaluator.EvaluateAsync(Bench.Call(Text), default);

        meters.Dispose();
        var written =
            spans.Select(s => $"{s.DisplayName} {s.Kind} {s.Status} {string.Join(',', s.TagObjects.Select(t => $"{t.Key}={t.Value}"))}").ToArray();
        Assert.That(written, Has.Length.EqualTo(2));
        Assert.That(spans.Select(static s => s.Source.Version), Is.All.Match(@"^\d+\.\d+\.\d+(-[\w.]+)?$"));
        Assert.That(
            written[0], Does.Contain("llmguard.judge Client Error").And.Contain("http.response.status_code=503").And.Contain("error.type=transport"));
        Assert.That(
            written[1], Does.Contain("llmguard.judge Client Unset").And.Contain("http.response.status_code=200").And.Contain("llmguard.plugin=echo"));
        Assert.That(measured, Has.Some.EqualTo("llmguard.plugin=echo,error.type=transport").And.Some.EqualTo("llmguard.plugin=echo,error.type=ok"));
        Assert.That(written.Concat(measured), Has.None.Contains(Text));
        foreach (var request in bench.Cloud.Requests)
        {
            Assert.That(request.Headers.Keys, Has.None.EqualTo("traceparent").IgnoreCase.And.None.EqualTo("baggage")
                .IgnoreCase.And.None.EqualTo("Correlation-Context").IgnoreCase);
        }
    }
}
