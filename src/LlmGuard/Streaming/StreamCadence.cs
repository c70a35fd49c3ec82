using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>When the judges of whole text are asked about a stream. One stream has one cadence: the strictest of its judges'.</summary>
/// <param name="HeadChars">Characters that are judged before anything leaves.</param>
/// <param name="HeadMax">How long the status line waits for them.</param>
/// <param name="MinChars">Characters that are worth an evaluation.</param>
/// <param name="MaxHold">How long text waits for so many.</param>
/// <param name="MaxWindowChars">Most characters of one evaluation.</param>
internal sealed record StreamCadence(int HeadChars, TimeSpan HeadMax, int MinChars, TimeSpan MaxHold, int MaxWindowChars)
{
    public static StreamCadence Of(IReadOnlyCollection<PlanEntry> judges) => new(
        judges.Max(static j => j.Streaming.HeadChars),
        TimeSpan.FromMilliseconds(judges.Max(static j => j.Streaming.HeadMaxMs)),
        judges.Min(static j => j.Streaming.MinChars),
        TimeSpan.FromMilliseconds(judges.Min(static j => j.Streaming.MaxHoldMs)),
        judges.Min(static j => j.Streaming.MaxWindowChars));
}
