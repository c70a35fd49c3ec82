using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities;

/// <summary>A detector of whose matches only those count that it is sure enough of.</summary>
/// <param name="inner">The detector.</param>
/// <param name="least">The least confidence, in percent.</param>
/// <remarks>Equal when both are, so that equal settings share a plan.</remarks>
internal sealed class ConfidentDetector(Detector inner, byte least) : Detector, IEquatable<ConfidentDetector>
{
    private Detector Inner => inner;

    private byte Least => least;

    public override int MaxLength => inner.MaxLength;

    public override Neighbours Before => inner.Before;

    public override IEnumerable<Opening> Openings => inner.Openings;

    public override ulong Runs => inner.Runs;

    public override bool SkipsInside => inner.SkipsInside;

    public override bool IsTrigger(byte value) => inner.IsTrigger(value);

    public override bool IsTriggerAfter(Neighbours before, byte value) => inner.IsTriggerAfter(before, value);

    public override bool StartsAtTrigger => inner.StartsAtTrigger;

    public override int EarliestStart(ref ScanText text, int at, int from) => inner.EarliestStart(ref text, at, from);

    public override IEnumerable<Detector> EarlyStarters => inner.EarlyStarters;

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (text.Confidence, text.Least) = (Confidence.High, least);
        return inner.TryMatch(ref text, at, from, out start, out end) && text.Confidence >= least;
    }

    public bool Equals(ConfidentDetector? other) => other is not null && Least == other.Least && ReferenceEquals(Inner, other.Inner);

    public override bool Equals(object? obj) => Equals(obj as ConfidentDetector);

    public override int GetHashCode() => HashCode.Combine(inner, least);
}
