using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities;

/// <summary>An opening as bits: for each place, and for the byte before the trigger, which of all bytes may stand there.</summary>
internal sealed class OpeningSets
{
    /// <summary>Number of the value that stands for the start of the text before a trigger.</summary>
    public const int Start = 256;

    private const int Words = 5;

    // Places after which anything may stand.
    private readonly int _length;
    private readonly ulong[] _bits = new ulong[(Opening.Length + 1) * Words];

    public OpeningSets(Opening opening)
    {
        for (var value = 0; value < 256; value++)
        {
            for (var place = 0; place < Opening.Length; place++)
            {
                Set(place, value, opening.Takes(place, value));
            }

            Set(Opening.Length, value, opening.Before(value));
        }

        Set(Opening.Length, Start, opening.Before(-1));
        Condition = opening.Condition;
        _length = 1 + Enumerable.Range(0, Opening.Length).LastOrDefault(place => !Enumerable.Range(0, 256).All(value => Takes(place, value)));
        Key = Convert.ToHexString(MemoryMarshal.AsBytes<ulong>(_bits));
    }

    /// <summary>What else must hold, or null.</summary>
    public OpeningCondition? Condition { get; }

    /// <summary>Equal for openings that say the same, and alike for those that begin alike.</summary>
    public string Key { get; }

    /// <summary>Whether a byte may stand at a place.</summary>
    public bool Takes(int place, int value) => (_bits[(place * Words) + (value >> 6)] >> (value & 63) & 1) != 0;

    /// <summary>Whether an opening fits what stands at an offset.</summary>
    /// <param name="text">What is known of the text.</param>
    /// <param name="at">The offset. Bytes that are not known yet fit.</param>
    public bool Fit(ReadOnlySpan<byte> text, int at)
    {
        // What stands before is what most openings that are looked at differ by.
        if (!Takes(Opening.Length, at > 0 ? text[at - 1] : Start))
        {
            return false;
        }

        var known = Math.Min(_length, text.Length - at);
        for (var place = 0; place < known; place++)
        {
            if (!Takes(place, text[at + place]))
            {
                return false;
            }
        }

        return Condition is null || Condition(text, at);
    }

    private void Set(int place, int value, bool takes) => _bits[(place * Words) + (value >> 6)] |= takes ? 1UL << (value & 63) : 0;
}
