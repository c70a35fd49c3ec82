namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>What <see cref="NarrowOpeningTables"/> looks at of an opening: the byte before, and the first four.</summary>
/// <param name="Before">The byte before, at all four places.</param>
/// <param name="First">The first four.</param>
internal readonly record struct NarrowShape(ByteHalves Before, ByteHalves First)
{
    /// <summary>How often it may be expected to be met.</summary>
    public double Frequency => Before.AllLower == 0 ? 0 : Before.Frequency * First.Frequency;

    /// <param name="sets">The opening.</param>
    /// <param name="first">Which of its first bytes count.</param>
    public static NarrowShape Of(OpeningSets sets, Func<int, bool> first) => new(
        ByteHalves.Of((place, value) => place > 0 || sets.Takes(Opening.Length, value)),
        ByteHalves.Of((place, value) => sets.Takes(place, value) && (place > 0 || first(value))));

    public NarrowShape With(NarrowShape other) => new(Before.With(other.Before), First.With(other.First));
}
