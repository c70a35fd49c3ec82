using System.Numerics;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>An opening as bits: for each place, and for the byte before the trigger, which of all bytes may stand there.</summary>
internal sealed class OpeningSets
{
    /// <summary>Number of the value that stands for the start of the text before a trigger, and for its end after it.</summary>
    public const int Outside = 256;

    /// <summary>The value that stands for all bytes that are not ASCII where sets have one for each ASCII character.</summary>
    public const byte NotAscii = 0x7F;

    private const int Words = 5;

    // Of the first and of the second 64 values.
    private const ulong Digits = 0x03FF_0000_0000_0000;
    private const ulong Letters = 0x07FF_FFFE_07FF_FFFE;

    // Places after which anything may stand.
    private readonly int _length;
    private readonly ulong[] _bits = new ulong[(Opening.Length + 1) * Words];

    public OpeningSets(Opening opening)
    {
        for (var value = 0; value <= Outside; value++)
        {
            var b = value == Outside ? -1 : value;
            for (var place = 0; place < Opening.Length; place++)
            {
                Set(place, value, opening.Takes(place, b));
            }

            Set(Opening.Length, value, opening.Before(b));
        }

        Condition = opening.Condition;
        _length = 1 + Enumerable.Range(0, Opening.Length).LastOrDefault(place => CountAt(place) < 256);
        Key = Convert.ToHexString(MemoryMarshal.AsBytes<ulong>(_bits));
    }

    /// <summary>What else must hold, or null.</summary>
    public OpeningCondition? Condition { get; }

    /// <summary>Equal for openings that say the same, and alike for those that begin alike.</summary>
    public string Key { get; }

    /// <summary>Equal for openings that say the same of the byte before.</summary>
    public string KeyOfBefore => Key[(Opening.Length * Words * 2 * sizeof(ulong))..];

    /// <summary>Whether a byte may stand at a place.</summary>
    public bool Takes(int place, int value) => (_bits[(place * Words) + (value >> 6)] >> (value & 63) & 1) != 0;

    /// <summary>Whether the text may end before a place.</summary>
    public bool TakesEnd(int place) => (place >= _length && place < Opening.Length) || Takes(place, Outside);

    /// <summary>
    /// Whether it may stand in a text of nothing but letters and digits, so many bytes before its end.
    /// </summary>
    /// <remarks>A plan asks it of every opening at every length: it is asked of the bits.</remarks>
    public bool FitRow(int length)
    {
        if (!TakesOne(Opening.Length) && !Takes(Opening.Length, Outside))
        {
            return false;
        }

        for (var place = 0; place < Opening.Length; place++)
        {
            if (place < length ? !TakesOne(place) : !Takes(place, Outside))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many bytes may stand at a place.</summary>
    public int CountAt(int place) => BitsOf(place, 0) + BitsOf(place, 1) + BitsOf(place, 2) + BitsOf(place, 3);

    /// <summary>Whether it may begin with a digit, or with anything else.</summary>
    public bool Begins(bool isDigit) => isDigit ? (_bits[0] & Digits) != 0 : CountAt(0) > BitOperations.PopCount(_bits[0] & Digits);

    /// <summary>Whether it may begin with a byte of a kind.</summary>
    public bool Begins(Func<int, bool> kind) => Enumerable.Range(0, 256).Any(value => Takes(0, value) && kind(value));

    /// <summary>Which ASCII characters may stand at a place, one bit for each of the 128 values; the last also stands for all that is not
    /// ASCII.</summary>
    /// <param name="place">The place; <see cref="Opening.Length"/> for the byte before the trigger.</param>
    public UInt128 AsciiAt(int place)
    {
        var others = _bits[(place * Words) + 2] | _bits[(place * Words) + 3];
        return new UInt128(_bits[(place * Words) + 1] | (others != 0 ? 1UL << (NotAscii - 64) : 0), _bits[place * Words]);
    }

    /// <summary>The same for all places from one on.</summary>
    public UInt128[] AsciiFrom(int place) => [.. Enumerable.Range(place, Opening.Length - place).Select(AsciiAt)];

    /// <summary>Whether nothing but some ASCII characters may stand at a place.</summary>
    public bool IsOnly(int place, UInt128 characters) =>
        BitsOf(place, 2) + BitsOf(place, 3) == 0 && (AsciiAt(place) & ~characters) == UInt128.Zero;

    /// <summary>Whether an opening fits what stands at an offset, as far as its bytes tell: its condition is not asked.</summary>
    /// <param name="text">What is known of the text.</param>
    /// <param name="isEnd">Whether it ends there; else bytes that are not known yet fit.</param>
    /// <param name="at">The offset.</param>
    public bool Fit(ReadOnlySpan<byte> text, bool isEnd, int at)
    {
        // What stands before is what most openings that are looked at differ by.
        if (!Takes(Opening.Length, at > 0 ? text[at - 1] : Outside))
        {
            return false;
        }

        // From the last place on: that the first ones fit is why it is asked.
        var known = Math.Min(_length, text.Length - at);
        for (var place = known - 1; place >= 0; place--)
        {
            if (!Takes(place, text[at + place]))
            {
                return false;
            }
        }

        for (var place = known; isEnd && place < _length; place++)
        {
            if (!Takes(place, Outside))
            {
                return false;
            }
        }

        return true;
    }

    // A letter or a digit.
    private bool TakesOne(int place) => ((_bits[place * Words] & Digits) | (_bits[(place * Words) + 1] & Letters)) != 0;

    private int BitsOf(int place, int word) => BitOperations.PopCount(_bits[(place * Words) + word]);

    private void Set(int place, int value, bool takes) => _bits[(place * Words) + (value >> 6)] |= takes ? 1UL << (value & 63) : 0;
}
