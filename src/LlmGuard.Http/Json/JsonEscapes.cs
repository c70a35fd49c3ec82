using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Http.Json;

/// <summary>The escapes of JSON strings. Raw text is the bytes between the quotes, already known to be well-formed.</summary>
internal static class JsonEscapes
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    // What stands behind the backslash, and what it means. A table, since no branch predictor guesses which escape comes next.
    private static readonly byte[] ShortEscapes = [.. Enumerable.Range(0, 256).Select(static letter => (char)letter switch
    {
        'n' => (byte)'\n',
        'r' => (byte)'\r',
        't' => (byte)'\t',
        'b' => (byte)'\b',
        'f' => (byte)'\f',
        _ => (byte)letter,
    })];

    private static readonly SearchValues<byte> NeedsEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    /// <summary>Whether a <c>\u</c> escape is half of a surrogate pair without its other half.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> raw)
    {
        // Most texts escape quotes and line breaks only; one vectorised look spares them the walk from escape to escape.
        if (raw.IndexOf("\\u"u8) < 0)
        {
            return false;
        }

        for (var i = raw.IndexOf((byte)'\\'); i < raw.Length;)
        {
            if (raw[i + 1] != 'u')
            {
                i += 2;
            }
            else
            {
                var unit = CodeUnit(raw[(i + 2)..]);
                if (char.IsLowSurrogate(unit) || (char.IsHighSurrogate(unit) && !IsLowSurrogate(raw[(i + 6)..])))
                {
                    return true;
                }

                i += char.IsHighSurrogate(unit) ? 12 : 6;
            }

            var next = raw[i..].IndexOf((byte)'\\');
            i = next < 0 ? raw.Length : i + next;
        }

        return false;
    }

    /// <summary>Unescapes; the result is never longer than the raw text.</summary>
    /// <param name="raw">The raw text.</param>
    /// <param name="text">Gets the result; at least as long as the raw text, and meaningless behind the result.</param>
    /// <returns>Number of bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> text)
    {
        var (read, written) = BlockUnescape.IsSupported ? BlockUnescape.Run(raw, text, ShortEscapes) : (0, 0);

        // Escapes stand close together where there are any: copying a block before it is known how much of it counts costs less than finding out
        // first.
        while (raw.Length - read >= Vector128<byte>.Count)
        {
            var block = Vector128.Create(raw[read..]);
            block.CopyTo(text[written..]);
            var escapes = Vector128.Equals(block, Vector128.Create((byte)'\\')).ExtractMostSignificantBits();
            var plain = escapes == 0 ? Vector128<byte>.Count : BitOperations.TrailingZeroCount(escapes);
            read += plain;
            written += plain;
            if (escapes == 0)
            {
                continue;
            }

            if (raw[read + 1] != 'u')
            {
                text[written++] = ShortEscapes[raw[read + 1]];
                read += 2;
            }
            else
            {
                read += UnescapeOne(raw[read..], text[written..], out var bytes);
                written += bytes;
            }
        }

        while (read < raw.Length)
        {
            if (raw[read] == '\\')
            {
                read += UnescapeOne(raw[read..], text[written..], out var bytes);
                written += bytes;
            }
            else
            {
                text[written++] = raw[read++];
            }
        }

        return written;
    }

    /// <summary>The raw offset at which an offset of the unescaped text lies, or -1 if that is inside an escape.</summary>
    /// <param name="raw">The raw text.</param>
    /// <param name="offset">Offset in the unescaped text, up to its end.</param>
    /// <param name="fromRaw">A raw offset known to be before it, or 0.</param>
    /// <param name="fromText">The offset in the text that belongs to <paramref name="fromRaw"/>.</param>
    public static int RawOffset(ReadOnlySpan<byte> raw, int offset, int fromRaw, int fromText)
    {
        Span<byte> scratch = stackalloc byte[4];
        while (fromText < offset)
        {
            var plain = raw[fromRaw..].IndexOf((byte)'\\');
            plain = plain < 0 ? raw.Length - fromRaw : plain;
            if (plain >= offset - fromText)
            {
                return fromRaw + offset - fromText;
            }

            fromText += plain;
            fromRaw += plain;
            if (fromRaw == raw.Length)
            {
                return -1;
            }

            fromRaw += UnescapeOne(raw[fromRaw..], scratch, out var bytes);
            fromText += bytes;
        }

        return fromText == offset ? fromRaw : -1;
    }

    /// <summary>
    /// Whether raw bytes may stand between the quotes of a string: UTF-8, escapes as RFC 8259 has them, no half of a surrogate pair.
    /// </summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> raw)
    {
        if (!Utf8.IsValid(raw))
        {
            return false;
        }

        for (var rest = raw; ;)
        {
            var at = rest.IndexOfAny(NeedsEscape);
            if (at < 0)
            {
                return !HasLoneSurrogate(raw);
            }

            if (rest[at] != '\\' || at + 1 == rest.Length)
            {
                return false;
            }

            var length = rest[at + 1] == 'u' ? 6 : 2;
            if (length > rest.Length - at || !(length == 2
                ? "\"\\/bfnrt"u8.Contains(rest[at + 1])
                : !rest.Slice(at + 2, 4).ContainsAnyExcept(HexDigits)))
            {
                return false;
            }

            rest = rest[(at + length)..];
        }
    }

    /// <summary>Whether text cannot stand inside a JSON string as it is.</summary>
    public static bool IsNeeded(ReadOnlySpan<byte> text) => text.ContainsAny(NeedsEscape);

    /// <summary>Appends text as the inside of a JSON string, escaping only what must be.</summary>
    public static void Escape(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> raw)
    {
        while (true)
        {
            var plain = text.IndexOfAny(NeedsEscape);
            if (plain < 0)
            {
                raw.Write(text);
                return;
            }

            raw.Write(text[..plain]);
            switch (text[plain])
            {
                case (byte)'"': raw.Write("\\\""u8); break;
                case (byte)'\\': raw.Write("\\\\"u8); break;
                case (byte)'\n': raw.Write("\\n"u8); break;
                case (byte)'\r': raw.Write("\\r"u8); break;
                case (byte)'\t': raw.Write("\\t"u8); break;
                case (byte)'\b': raw.Write("\\b"u8); break;
                case (byte)'\f': raw.Write("\\f"u8); break;
                default:
                    var control = raw.GetSpan(6);
                    "\\u00"u8.CopyTo(control);
                    text[plain].TryFormat(control[4..], out _, "x2", CultureInfo.InvariantCulture);
                    raw.Advance(6);
                    break;
            }

            text = text[(plain + 1)..];
        }
    }

    /// <summary>Unescapes the escape at the beginning; returns its length.</summary>
    internal static int UnescapeOne(ReadOnlySpan<byte> raw, Span<byte> text, out int bytes)
    {
        if (raw[1] == 'u')
        {
            var unit = CodeUnit(raw[2..]);
            if (char.IsHighSurrogate(unit))
            {
                bytes = new Rune(unit, CodeUnit(raw[8..])).EncodeToUtf8(text);
                return 12;
            }

            bytes = new Rune(unit).EncodeToUtf8(text);
            return 6;
        }

        text[0] = ShortEscapes[raw[1]];
        bytes = 1;
        return 2;
    }

    private static bool IsLowSurrogate(ReadOnlySpan<byte> raw) =>
        raw.Length >= 6 && raw[0] == '\\' && raw[1] == 'u' && char.IsLowSurrogate(CodeUnit(raw[2..]));

    private static char CodeUnit(ReadOnlySpan<byte> hex) =>
        (char)((Nibble(hex[0]) << 12) | (Nibble(hex[1]) << 8) | (Nibble(hex[2]) << 4) | Nibble(hex[3]));

    private static int Nibble(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
