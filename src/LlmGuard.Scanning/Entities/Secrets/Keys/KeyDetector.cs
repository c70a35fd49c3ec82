using System.Numerics;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>Credentials that are recognised by their shape alone.</summary>
/// <remarks>
/// A table tells by each of the first four bytes which formats can go on with it, one bit each: hundreds of formats cost a few operations.
/// </remarks>
internal sealed class KeyDetector : Detector
{
    /// <summary>Most bytes that are read of one credential.</summary>
    public const int Longest = 4096 + 256;

    private const int Places = 4;

    private const int Named = 32;

    // Longer than nearly all credentials.
    private const int LongRead = 256;

    private readonly KeyFormat[] _formats;
    private readonly int _words;
    private readonly ulong[] _masks;

    public KeyDetector(IReadOnlyList<KeyFormat> formats)
    {
        _formats = [.. formats];
        _words = (formats.Count + 63) / 64;
        _masks = new ulong[Places * 256 * _words];
        Openings = [.. formats.Select(f => f.Opening)];
        for (var number = 0; number < _formats.Length; number++)
        {
            var opening = _formats[number].Opening;
            for (var place = 0; place < Places; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    _masks[Row(place, value) + (number / 64)] |= opening.Takes(place, value) ? 1UL << (number % 64) : 0;
                }
            }
        }
    }

    public override IEnumerable<Opening> Openings { get; }

    public override int MaxLength => Longest;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => _masks.AsSpan(Row(0, value), _words).ContainsAnyExcept(0UL);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, 0);
        var (second, third, fourth) = (text[at + 1], text[at + 2], text[at + 3]);
        if (fourth < 0)
        {
            return false;
        }

        var rows = (First: Row(0, text[at]), Second: Row(1, second), Third: Row(2, third), Fourth: Row(3, fourth));
        var longest = at;
        for (var word = 0; word < _words; word++)
        {
            var left = _masks[rows.First + word] & _masks[rows.Second + word] & _masks[rows.Third + word] & _masks[rows.Fourth + word];
            for (; left != 0; left &= left - 1)
            {
                var format = _formats[(word * 64) + BitOperations.TrailingZeroCount(left)];
                if (text.IsReadInVain && format.IsUnbounded)
                {
                    continue;
                }

                var formatEnd = format.EndAt(ref text, at, out var read);
                longest = Math.Max(longest, read);
                if (formatEnd > end)
                {
                    end = formatEnd;
                    text.Confidence = format.ConfidenceOf(text.Bytes[at..end]);
                }
            }
        }

        // What its name calls public is shown to everybody.
        if (end > 0 && text[at] == 'p' && IsPublic(text.Bytes[Math.Max(0, at - Named)..at]))
        {
            text.Confidence = Math.Min(text.Confidence, Confidence.Doubtful);
        }

        // Within a long row that is no credential, or a doubtful one, others may begin everywhere, and each would be read to the end of the row.
        text.VainEnd = longest - at > LongRead && (end == 0 || text.Confidence < Confidence.Default) ? longest : 0;
        return end > 0;
    }

    private static bool IsPublic(ReadOnlySpan<byte> name) => name.IndexOf("ublish"u8) >= 0 || name.IndexOf("UBLISH"u8) >= 0;

    private int Row(int place, int value) => ((place * 256) + value) * _words;
}
