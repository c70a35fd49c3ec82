using System.Collections.Immutable;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// Tells when the status line of a stream may go out: once the judges of whole text have seen its head, and the entries of finite reach that may
/// block have let text of it pass; or when that takes too long. Until then a block is a refusal with a status of its own.
/// </summary>
/// <param name="run">The stream's judgement.</param>
/// <param name="gates">What its judges of whole text hold.</param>
/// <param name="exit">Its way out.</param>
/// <param name="most">Bytes that may wait for the status line: a flood of what says nothing goes out.</param>
internal sealed class LiveHead(StreamRun run, ImmutableArray<LiveGate> gates, StreamExit exit, long most)
{
    private readonly long _started = run.Time.GetTimestamp();

    /// <summary>Whether it may go out.</summary>
    public bool IsOpen => HasPassedGates && (exit.HasText || exit.Output.Count >= most || Left is not { Ticks: > 0 });

    /// <summary>How long until it goes out whatever comes; null when judges say that, or it may go out.</summary>
    public TimeSpan? OpensIn => exit.HasText || Left is not { Ticks: > 0 } left ? null : left;

    private bool HasPassedGates
    {
        get
        {
            foreach (var gate in gates)
            {
                if (!gate.IsOpen)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private TimeSpan? Left => run.Plan.HeadMax is { } most ? most - run.Time.GetElapsedTime(_started) : null;
}
