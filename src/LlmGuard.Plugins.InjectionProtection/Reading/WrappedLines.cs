using LlmGuard.Plugins.InjectionProtection.Prompts;
using LlmGuard.Plugins.InjectionProtection.Rules;
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

    private const int LargestKept = 1 << 14;

    private readonly List<int> _breaks = [];

    public WrappedLines() => KeepsApart = hit => hit.Rule == InjectionRules.PromptWeakSigns || !HasBreak(hit.Start, hit.End);

    /// <summary>How many breaks were joined.</summary>
    public int Count => _breaks.Count;

    /// <summary>
    /// Whether a hit is none that joining has brought: it stands in one line, or counts words of the first and the last sentence, which the same text
    /// has with its breaks.
    /// </summary>
    public Func<RuleHit, bool> KeepsApart { get; }

    /// <summary>Writes the joined text, if any sentence goes on that may be an order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="folded">The text, folded.</param>
    /// <param name="prompts">What has read the folded text.</param>
    /// <param name="reading">Receives as many bytes as were folded.</param>
    public bool Join(ReadOnlySpan<byte> text, FoldedText folded, PromptDetector prompts, Span<byte> reading)
    {
        _breaks.Clear();
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

            _breaks.Add(end);
            reading[(line + last + 1)..next].Fill((byte)' ');
            isWanted = isWanted || prompts.MayBeDivided(end);
        }

        return isWanted;
    }

    /// <summary>Forgets the text it has seen.</summary>
    public void Clear()
    {
        _breaks.Clear();
        _breaks.Capacity = _breaks.Capacity > LargestKept ? 0 : _breaks.Capacity;
    }

    // Two words and more, the last of which no sign ends.
    private static bool IsOpen(ReadOnlySpan<byte> line, out int last)
    {
        last = line.LastIndexOfAnyExcept(" \t\r"u8);
        return last > 0 && (AsciiByte.IsAlphanumeric(line[last]) || line[last] is (byte)',' or (byte)')' or (byte)'"' or (byte)'\'' or >= 0x80)
            && line[..last].TrimStart(" \t>#/*-"u8).Contains((byte)' ');
    }

    // Behind as many spaces and the sign of the same remark or quotation a word, and no item of a list.
    private static bool GoesOn(ReadOnlySpan<byte> utf8, int line, int at, ref bool? hasRemarks, out int next)
    {
        var sign = Sign(utf8, line, out _);
        var same = Sign(utf8, at, out next);
        if (sign == '*' && same == '*')
        {
            hasRemarks ??= utf8.IndexOf("/*"u8) >= 0;
        }

        return sign == same && sign != '-' && (sign != '*' || hasRemarks == true)
            && next < utf8.Length && (AsciiByte.IsLetter(utf8[next]) || utf8[next] >= 0x80);
    }

    // The sign of a remark or a quotation that a line begins with, or 0, and where its words begin.
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

    private static bool IsCapital(ReadOnlySpan<byte> text, FoldedText folded, int at) => AsciiByte.IsUpper(text[folded.ToOriginal(at, 1).Start]);

    private bool HasBreak(int start, int end)
    {
        var at = _breaks.BinarySearch(start);
        at = at < 0 ? ~at : at;
        return at < _breaks.Count && _breaks[at] < end;
    }
}
