using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>Decodes what stands in a text in base64 (of either alphabet) or in hexadecimal digits and comes out as text.</summary>
internal static class EncodedStretches
{
    /// <summary>Shortest row that is decoded: shorter ones hold no more than a word.</summary>
    private const int Shortest = 16;

    /// <summary>Most times that a row is read.</summary>
    public const int Readings = 3;

    /// <summary>The next stretch at or behind an offset.</summary>
    /// <param name="text">The text as written: the case of letters counts.</param>
    /// <param name="from">Where to look.</param>
    /// <param name="start">Receives where the row begins.</param>
    /// <param name="end">Receives the offset after it; where to look next.</param>
    /// <param name="decoded">Receives the text; null when the row is none.</param>
    public static bool Next(ReadOnlySpan<byte> text, int from, out int start, out int end, out byte[]? decoded)
    {
        (start, end, decoded) = (EncodedRuns.Find(text, from), text.Length, null);
        if (start >= text.Length)
        {
            return false;
        }

        var length = EncodedRuns.Length(text[start..]);
        end = start + length;
        if (length >= Shortest)
        {
            var row = text.Slice(start, length);
            decoded = Decode(row, 4) ?? Decode(row, 6);

            // A path or an assignment before the row is in the alphabet as well.
            if (decoded is null && row.LastIndexOf((byte)'/') is >= 0 and var slash && length - slash > Shortest)
            {
                decoded = Decode(row[(slash + 1)..], 6);
            }
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

    private static byte[]? Decode(ReadOnlySpan<byte> row, int bits)
    {
        if (bits == 4 && row.Length > 2 && row[0] == '0' && (row[1] | 0x20) == 'x')
        {
            row = row[2..];
        }

        var output = new byte[row.Length * bits / 8];
        var (collected, held, count) = (0u, 0, 0);
        foreach (var character in row)
        {
            var value = EncodedDigits.Value(character, bits);
            if (value < 0)
            {
                return null;
            }

            collected = (collected << bits) | (uint)value;
            held += bits;
            if (held >= 8)
            {
                held -= 8;
                var decoded = (byte)(collected >> held);
                if (decoded < 0x20 && decoded is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
                {
                    return null;
                }

                output[count++] = decoded;
            }
        }

        var text = output[..count];
        return System.Text.Unicode.Utf8.IsValid(text) ? text : null;
    }
}
