namespace LlmGuard.Scanning.Entities;

/// <summary>A detector of whose matches only those count that it is sure enough of.</summary>
/// <param name="inner">The detector.</param>
/// <param name="least">The least confidence, in percent.</param>
internal sealed class ConfidentDetector(Detector inner, byte least) : Detector
{
    public override int MaxLength => inner.MaxLength;

    public override Neighbours Before => inner.Before;

    public override IEnumerable<Opening> Openings => inner.Openings;

    public override bool SkipsInside => inner.SkipsInside;

    public override bool IsTrigger(byte value) => inner.IsTrigger(value);

    public override bool IsTriggerAfter(Neighbours before, byte value) => inner.IsTriggerAfter(before, value);

    public override int EarliestStart(ref ScanText text, int at, int from) => inner.EarliestStart(ref text, at, from);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        text.Confidence = Confidence.High;
        return inner.TryMatch(ref text, at, from, out start, out end) && text.Confidence >= least;
    }
}
