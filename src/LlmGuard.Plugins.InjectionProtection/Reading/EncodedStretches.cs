using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>
/// Decodes what stands in a text in base64 (of either alphabet) or in hexadecimal digits and comes out as text. For one text at a time; keeps what it
/// has decoded last until it is told to forget it.
/// </summary>
internal sealed class EncodedStretches
{
    /// <summary>Shortest row that is decoded: shorter ones hold no more than a word.</summary>
    private const int Shortest = 16;

    /// <summary>Most times that a row is read.</summary>
    public const int Readings = 3;

    private const int LargestKept = 1 << 16;

    private byte[] _decoded = [];
    private int _used;

    /// <summary>The next stretch at or behind an offset.</summary>
    /// <param name="text">The text as written: the case of letters counts.</param>
    /// <param name="from">Where to look.</param>
    /// <param name="start">Receives where the row begins.</param>
    /// <param name="end">Receives the offset after it; where to look next.</param>
    /// <param name="decoded">Receives the text, until the next one; empty when the row is none.</param>
    public bool Next(ReadOnlySpan<byte> text, int from, out int start, out int end, out ReadOnlySpan<byte> decoded)
    {
        (start, end) = (EncodedRuns.Find(text, from), text.Length);
        decoded = default;
        if (start >= text.Length)
        {
            return false;
        }

        var length = EncodedRuns.Length(text[start..]);
        end = start + length;
        if (length >= Shortest)
        {
            var row = text.Slice(start, length);
            var count = Decode(row, 4) is > 0 and var digits ? digits : Decode(row, 6);

            // A path or an assignment before the row is in the alphabet as well.
            if (count == 0 && row.LastIndexOf((byte)'/') is >= 0 and var slash && length - slash > Shortest)
            {
                count = Decode(row[(slash + 1)..], 6);
            }

            decoded = _decoded.AsSpan(0, count);
        }

        return true;
    }

    /// <summary>Whether a row in a text is long enough to be decoded.</summary>
    public static bool MayHold(ReadOnlySpan<byte> text)
    {
        for (var at = EncodedRuns.Find(text, 0); at < text.Length; at = EncodedRuns.Find(text, at))
        {
            var length = EncodedRuns.Length(text[at..]);
            if (length >= Shortest)
            {
                return true;
            }

            at += length;
        }

        return false;
    }

    /// <summary>Forgets what was decoded, and the room that only a long row needs.</summary>
    public void Clear()
    {
        _decoded.AsSpan(0, _used).Clear();
        _used = 0;
        _decoded = _decoded.Length > LargestKept ? [] : _decoded;
    }

    // How many bytes come out; none where they are no text.
    private int Decode(ReadOnlySpan<byte> row, int bits)
    {
        if (bits == 4 && row.Length > 2 && row[0] == '0' && (row[1] | 0x20) == 'x')
        {
            row = row[2..];
        }

        var room = row.Length * bits / 8;
        if (_decoded.Length < room)
        {
            _decoded = new byte[Math.Max(256, room + (room / 4))];
        }

        _used = Math.Max(_used, room);
        var (collected, held, count) = (0u, 0, 0);
        foreach (var character in row)
        {
            var value = EncodedDigits.Value(character, bits);
            if (value < 0)
            {
                return 0;
            }

            collected = (collected << bits) | (uint)value;
            held += bits;
            if (held >= 8)
            {
                held -= 8;
                var decoded = (byte)(collected >> held);
                if (decoded < 0x20 && decoded is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
                {
                    return 0;
                }

                _decoded[count++] = decoded;
            }
        }

        return System.Text.Unicode.Utf8.IsValid(_decoded.AsSpan(0, count)) ? count : 0;
    }
}
