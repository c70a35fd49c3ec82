using System.Buffers;
using System.Text;

namespace LlmGuard.Scanning.Patterns;

/// <summary>A UTF-8 text as UTF-16, for regular expressions, with the way back to bytes. For one thread; dispose it.</summary>
internal sealed class DecodedText : IDisposable
{
    private readonly char[] _chars;
    private readonly int _length;
    private readonly bool _isAscii;

    /// <summary>Decodes a text.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public DecodedText(ReadOnlySpan<byte> utf8)
    {
        _chars = ArrayPool<char>.Shared.Rent(Math.Max(1, utf8.Length));
        _length = Encoding.UTF8.GetChars(utf8, _chars);
        _isAscii = Ascii.IsValid(utf8);
    }

    /// <summary>The text.</summary>
    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, _length);

    /// <summary>Turns spans counted in UTF-16 units into spans counted in bytes, widened to whole code points.</summary>
    /// <param name="spans">The spans in ascending order, not overlapping; replaced in place.</param>
    public void ToBytes(List<(int Start, int Length)> spans)
    {
        if (_isAscii)
        {
            return;
        }

        var (chars, bytes) = (0, 0);
        for (var i = 0; i < spans.Count; i++)
        {
            var (start, end) = Widen(spans[i]);
            var from = Advance(Math.Max(start, chars));
            spans[i] = (from, Advance(Math.Max(end, chars)) - from);
        }

        // Two matches within one surrogate pair widen to the same code point.
        spans.RemoveAll(span => span.Length == 0);

        int Advance(int to)
        {
            bytes += Encoding.UTF8.GetByteCount(_chars, chars, to - chars);
            chars = to;
            return bytes;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<char>.Shared.Return(_chars, clearArray: true);

    private (int Start, int End) Widen((int Start, int Length) span)
    {
        var (start, end) = (span.Start, span.Start + span.Length);
        start -= start > 0 && start < _length && char.IsLowSurrogate(_chars[start]) ? 1 : 0;
        end += end < _length && char.IsLowSurrogate(_chars[end]) ? 1 : 0;
        return (start, end);
    }
}
