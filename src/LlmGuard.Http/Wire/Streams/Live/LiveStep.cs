using LlmGuard.Planning;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>One step of a stream's events on their way out: entries of finite reach, then judges of whole text if there are any.</summary>
internal sealed class LiveStep
{
    private readonly StreamRun _run;

    public LiveStep(StreamRun run, StreamStep step, int number, PlanLimits limits, CancellationToken aborted)
    {
        _run = run;
        Pass = new SpanPass(run, step.Spans, number, limits, aborted);
        Gate = step.Cadence is not { } cadence
            ? null
            : new LiveGate(run, step, number, step.Spans.AsksOnly ? new LiveMerge(run, Pass, cadence.MaxWindowChars) : null);
    }

    public SpanPass Pass { get; }

    /// <summary>What the judges hold; null when there are none.</summary>
    public LiveGate? Gate { get; }

    /// <summary>Events that the step before has let pass and this one has not looked at.</summary>
    public Queue<LiveEvent> Arrived { get; } = [];

    /// <summary>Whether events wait here.</summary>
    public bool IsHolding => Arrived.Count > 0 || Pass.IsHolding || Gate is { IsHolding: true };

    /// <summary>Has the entries of finite reach judge what has arrived.</summary>
    public async ValueTask TakeArrivedAsync()
    {
        while (!_run.IsStopped && Arrived.TryDequeue(out var judged))
        {
            await Pass.JudgeAsync(judged).ConfigureAwait(false);
            foreach (var call in judged.Calls)
            {
                await Pass.JudgeAsync(call, isOver: call.Last == judged).ConfigureAwait(false);
            }

            if (!_run.IsStopped)
            {
                Pass.Enqueue(judged);
            }
        }
    }
}
