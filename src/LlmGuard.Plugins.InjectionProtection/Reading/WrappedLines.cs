using System.Buffers;
using System.Text;
using LlmGuard.Plugins.InjectionProtection.Prompts;
using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>
/// Joins the lines of a text that was wrapped at a column: a line that ends in the middle of a sentence, and one that goes on with it. Breaks,
/// indents and the signs of comments and quotations between them become as many spaces, so that every offset stays as it is. For one thread at a
/// time; keeps offsets alone.
/// </summary>
internal sealed class WrappedLines
{
    // Spaces and signs before the words of a line; deeper ones begin no prose.
    private const int LongestIndent = 32;

    // Lines so long, so many of which the next word has no room in, show a column that all of the text was wrapped at.
    private const int LeastWidth = 40;
    private const int LeastFull = 2;

    private const int LongestSentence = 512;
    private const int LargestKept = 1 << 14;

    // Of every break its offset; in the other list where the words of the next line begin and how long the line would be with the first of them.
    private readonly List<int> _breaks = [];
    private readonly List<(int Next, int Reach)> _lines = [];
    private int _width;

    /// <summary>Whether the text shows that it was wrapped at a column.</summary>
    public bool IsWrapped { get; private set; }

    /// <summary>Writes the joined text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="folded">The text, folded.</param>
    /// <param name="prompts">What has read the folded text.</param>
    /// <param name="types">The types to look for.</param>
    /// <param name="reading">Receives as many bytes as were folded, if there is anything to join.</param>
    /// <returns>Whether a sentence goes on that may be an order.</returns>
    public bool Join(ReadOnlySpan<byte> text, FoldedText folded, PromptDetector prompts, TypeSet types, Span<byte> reading)
    {
        Clear();
        var utf8 = folded.Utf8;
        var isWanted = false;
        var (line, hasRemarks) = (0, default(bool?));
        for (var at = 0; utf8[at..].IndexOf((byte)'\n') is >= 0 and var length; line = at)
        {
            var end = at + length;
            at = end + 1;
            if (!IsOpen(utf8[line..end], out var last) || !GoesOn(utf8, line, at, ref hasRemarks, out var next)
                || (IsCapital(text, folded, next) && !IsCapital(text, folded, line + last)))
            {
                continue;
            }

            if (_breaks.Count == 0)
            {
                utf8.CopyTo(reading);
            }

            var word = utf8.Slice(next, Math.Min(LongestIndent, utf8.Length - next)).IndexOfAny((byte)' ', (byte)'\n');
            _breaks.Add(end);
            _lines.Add((next, last + 2 + (word < 0 ? LongestIndent : word)));
            _width = Math.Max(_width, last + 1);
            reading[(line + last + 1)..next].Fill((byte)' ');
            isWanted = isWanted || prompts.MayBeDivided(end, types);
        }

        var full = 0;
        for (var i = 0; i < _lines.Count && full < LeastFull && _width >= LeastWidth; i++)
        {
            full += _lines[i].Reach > _width ? 1 : 0;
        }

        IsWrapped = full == LeastFull;
        return isWanted;
    }

    /// <summary>Whether one of the breaks that were joined stands in a span.</summary>
    public bool HasBreak(int start, int end) => FirstBreak(start) is var at && at < _breaks.Count && _breaks[at] < end;

    /// <summary>
    /// Whether a place of a wrapped text is in a sentence that a full line divides from its beginning: what seems to begin there goes on.
    /// </summary>
    /// <param name="utf8">The folded text.</param>
    /// <param name="at">The place.</param>
    public bool IsCut(ReadOnlySpan<byte> utf8, int at)
    {
        var before = FirstBreak(at) - 1;
        if (before < 0 || _lines[before].Reach <= _width || at < _lines[before].Next || at - _lines[before].Next > LongestSentence)
        {
            return false;
        }

        var between = utf8[_lines[before].Next..at];
        return between.IndexOfAny(".!?:\n"u8) < 0;
    }

    /// <summary>Forgets the text it has seen.</summary>
    public void Clear()
    {
        _breaks.Clear();
        _lines.Clear();
        if (_breaks.Capacity > LargestKept)
        {
            (_breaks.Capacity, _lines.Capacity) = (0, 0);
        }

        (_width, IsWrapped) = (0, false);
    }

    // Two words and more, the last of which no sign ends.
    private static bool IsOpen(ReadOnlySpan<byte> line, out int last)
    {
        last = line.LastIndexOfAnyExcept(" \t\r"u8);
        return last > 0 && (AsciiByte.IsAlphanumeric(line[last]) || line[last] is (byte)',' or (byte)')' or (byte)'"' or (byte)'\'' or >= 0x80)
            && line[..last].TrimStart(" \t>#/*"u8).Contains((byte)' ');
    }

    // Behind as many spaces and the sign of the same remark or quotation a word, and no item of a list.
    private static bool GoesOn(ReadOnlySpan<byte> utf8, int line, int at, ref bool? hasRemarks, out int next)
    {
        var sign = Sign(utf8, line, out _);
        var same = Sign(utf8, at, out next);
        if (same == '*' && sign is (byte)'*' or (byte)'/')
        {
            // "/* The first line" of a remark, and those below it.
            hasRemarks ??= utf8.IndexOf("/*"u8) >= 0;
            sign = same;
        }

        return sign == same && sign != '-' && (sign != '*' || hasRemarks == true)
            && next < utf8.Length && (AsciiByte.IsLetter(utf8[next]) || utf8[next] >= 0x80);
    }

    // The sign of a remark, a quotation or a list that a line begins with, or 0, and where its words begin.
    private static byte Sign(ReadOnlySpan<byte> utf8, int line, out int words)
    {
        var end = Math.Min(utf8.Length, line + LongestIndent);
        for (words = line; words < end && utf8[words] is (byte)' ' or (byte)'\t'; words++)
        {
        }

        var sign = words < end && utf8[words] is (byte)'>' or (byte)'#' or (byte)'/' or (byte)'*' or (byte)'-' ? utf8[words] : (byte)0;
        for (; sign != 0 && words < end && (utf8[words] == sign || utf8[words] == ' '); words++)
        {
        }

        return sign;
    }

    private static bool IsCapital(ReadOnlySpan<byte> text, FoldedText folded, int at) =>
        Rune.DecodeFromUtf8(text[folded.ToOriginal(at, 1).Start..], out var rune, out _) == OperationStatus.Done && Rune.IsUpper(rune);

    // The index of the first break at a place or behind it.
    private int FirstBreak(int at) => _breaks.BinarySearch(at) is >= 0 and var index ? index : ~_breaks.BinarySearch(at);
}
