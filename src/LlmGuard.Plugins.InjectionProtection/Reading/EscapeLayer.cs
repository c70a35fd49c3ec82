using System.Buffers.Text;
using System.Globalization;
using System.Text;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>
/// A text with one layer of its escapes resolved, and the way back. The normalised view resolves all at once, into characters that a reader sees;
/// some attacks live in between: what is <c>%2500</c> or <c>&amp;#x25;c0%ae</c> is <c>%00</c> and <c>%c0%ae</c> to the program that resolves it
/// first, and only the next one makes a null or a dot of it. For one thread at a time.
/// </summary>
internal sealed class EscapeLayer
{
    private const int MaxDigits = 8;
    private const int LongestName = 6;

    private byte[] _bytes = [];
    private int[] _origins = [];
    private int _length;
    private int _used;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The offset, in the text that was read, of a byte of the layer or of its end.</summary>
    public int Origin(int offset) => _origins[offset];

    /// <summary>
    /// Resolves the escapes of a text once, if a reader of all layers at once would miss something: an escape of an escape, or a control character.
    /// </summary>
    /// <returns>Whether it would, so that there is a layer.</returns>
    public bool Read(ReadOnlySpan<byte> text)
    {
        _length = 0;
        if (!HasMore(text))
        {
            return false;
        }

        if (_bytes.Length < text.Length)
        {
            (_bytes, _origins) = (new byte[text.Length + (text.Length / 4)], new int[text.Length + (text.Length / 4) + 1]);
        }

        for (var at = 0; at < text.Length;)
        {
            var length = Escape(text[at..], _bytes.AsSpan(_length), out var written);
            _origins.AsSpan(_length, written).Fill(at);
            _length += written;
            at += length;
        }

        _origins[_length] = text.Length;
        _used = Math.Max(_used, _length);
        return true;
    }

    /// <summary>Whether any escape begins in a text, however it is read.</summary>
    public static bool HasAny(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOfAny((byte)'%', (byte)'&', (byte)'\\') is >= 0 and var found; at++)
        {
            at += found;
            if (Value(text[at..]).Length > 0 || new EscapeReader(text, isEnd: true).Read(at).IsEscape)
            {
                return true;
            }
        }

        return false;
    }

    // Nearly every text ends here, without a copy.
    private static bool HasMore(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOfAny((byte)'%', (byte)'&', (byte)'\\') is >= 0 and var found;)
        {
            at += found;
            var (value, length, _) = Value(text[at..]);
            if (length > 0 && value is (< ' ' or '%'))
            {
                return true;
            }

            at += Math.Max(1, length);
        }

        return false;
    }

    // The length of what stands at the start, and what it is written as, which is never longer.
    private static int Escape(ReadOnlySpan<byte> text, Span<byte> target, out int written)
    {
        var (value, length, isByte) = Value(text);
        if (length == 0)
        {
            target[0] = text[0];
            written = 1;
            return 1;
        }

        if (isByte || value < 0x80)
        {
            target[0] = (byte)value;
            written = 1;
            return length;
        }

        written = (Rune.IsValid(value) ? new Rune(value) : Rune.ReplacementChar).EncodeToUtf8(target);
        return length;
    }

    private static (int Value, int Length, bool IsByte) Value(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'%', (byte)'u', ..] or [(byte)'\\', (byte)'u', not (byte)'{', ..] => Hex(text, 2, 4, 4, 0, false),
        [(byte)'%', ..] => Hex(text, 1, 2, 2, 0, true),
        [(byte)'\\', (byte)'x', ..] => Hex(text, 2, 2, 2, 0, true),
        [(byte)'\\', (byte)'u', (byte)'{', ..] => Hex(text, 3, 1, MaxDigits, (byte)'}', false),
        [(byte)'\\', (byte)'r', (byte)'\\', (byte)'n', ..] => ('\n', 4, true),
        [(byte)'&', (byte)'#', (byte)'x', ..] => Hex(text, 3, 1, MaxDigits, (byte)';', false),
        [(byte)'&', (byte)'#', ..] => Decimal(text),
        [(byte)'&', ..] => Named(text),
        _ => default,
    };

    private static (int Value, int Length, bool IsByte) Hex(ReadOnlySpan<byte> text, int from, int least, int most, byte close, bool isByte)
    {
        var digits = text[from..Math.Min(text.Length, from + most)];
        var count = 0;
        while (count < digits.Length && AsciiByte.IsHex(digits[count]))
        {
            count++;
        }

        var end = from + count;
        return count < least || (close != 0 && (end >= text.Length || text[end] != close))
            || !int.TryParse(digits[..count], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? default : (value, close == 0 ? end : end + 1, isByte);
    }

    private static (int Value, int Length, bool IsByte) Decimal(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text[2..Math.Min(text.Length, 2 + MaxDigits)], out uint value, out var read) && 2 + read < text.Length
            && text[2 + read] == ';'
            ? ((int)value, read + 3, false) : default;

    private static (int Value, int Length, bool IsByte) Named(ReadOnlySpan<byte> text)
    {
        Span<char> name = stackalloc char[LongestName];
        var length = 0;
        while (length < LongestName && length + 1 < text.Length && AsciiByte.IsLetter(text[length + 1]))
        {
            name[length] = (char)text[length + 1];
            length++;
        }

        return length + 1 < text.Length && text[length + 1] == ';' && HtmlNames.Find(name[..length]) is > 0 and var value
            ? (value, length + 2, false) : default;
    }

    /// <summary>Forgets the text.</summary>
    public void Clear()
    {
        // No more than was written: a buffer that a long text left behind is not cleared for every short one.
        _bytes.AsSpan(0, _used).Clear();
        (_length, _used) = (0, 0);
    }
}
