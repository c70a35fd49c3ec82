using System.Buffers;
using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Folds text to the form in which disguised and plain spellings are equal: lower case, plain ASCII shapes for full-width, mathematical, circled,
/// accented and look-alike letters, ASCII digits, and nothing that a reader cannot see.
/// </summary>
internal static class TextFolder
{
    /// <summary>The longest run of ignorable or combining code points that is read. Longer ones are no writing of any language.</summary>
    public const int MaxIgnorables = 30;

    /// <summary>ASCII that folding keeps: everything but the control characters that no writing uses.</summary>
    public static readonly SearchValues<byte> KeptAscii = SearchValues.Create(
        [.. Enumerable.Range(0, 0x80).Where(b => b is (>= 0x20 and <= 0x7E) or (>= 0x09 and <= 0x0D)).Select(b => (byte)b)]);

    /// <summary>Folds a text.</summary>
    /// <param name="utf8">The text. Ill-formed bytes fold to U+FFFD.</param>
    /// <param name="result">Receives the folded text; what it held is gone.</param>
    /// <param name="tags">How tag characters are read.</param>
    public static void Fold(ReadOnlySpan<byte> utf8, FoldedText result, TagReading tags = TagReading.AsNothing)
    {
        result.Reset(utf8.Length);
        var offset = 0;
        var invisible = 0;
        while (offset < utf8.Length)
        {
            var rest = utf8[offset..];
            if (result.AppendPlain(rest, offset) is > 0 and var plain)
            {
                offset += plain;
                invisible = 0;
                continue;
            }

            if (LengthOfFolded(rest) is > 0 and var folded)
            {
                result.AppendUnchanged(rest[..folded], offset);
                offset += folded;
                invisible = 0;
                continue;
            }

            Rune.DecodeFromUtf8(rest, out var rune, out var length);
            invisible = Append(rune, offset, length, result, tags) ? invisible + 1 : 0;
            result.HasExcessiveIgnorables |= invisible > MaxIgnorables;
            offset += length;
        }
    }

    // Bytes of the characters outside ASCII, at the start of a text, that folding leaves as they are.
    private static int LengthOfFolded(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && utf8[at] >= 0x80
            && Rune.DecodeFromUtf8(utf8[at..], out var rune, out var length) == OperationStatus.Done && FoldTable.Find(rune.Value) == rune.Value)
        {
            at += length;
        }

        return at;
    }

    /// <summary>The folded form of a short text, such as a keyword.</summary>
    public static string Fold(string text)
    {
        using var folded = FoldedText.Rent();
        Fold(Encoding.UTF8.GetBytes(text), folded);
        return Encoding.UTF8.GetString(folded.Utf8);
    }

    /// <returns>Whether the code point is ignorable or combining.</returns>
    private static bool Append(Rune rune, int offset, int length, FoldedText result, TagReading tags)
    {
        if (rune.IsAscii)
        {
            result.Skip();
            return true;
        }

        var entry = FoldTable.Find(rune.Value);
        switch (entry)
        {
            case FoldTable.Ignored:
                result.Skip();
                return true;
            case FoldTable.Mark:
                result.SkipMark(offset, length);
                return true;
            case FoldTable.Tag:
                result.HasTags = true;
                if (tags == TagReading.AsNothing)
                {
                    result.Skip();
                    return true;
                }

                var hidden = rune.Value - 0xE0000;
                result.AppendRune(new Rune(hidden is >= 'A' and <= 'Z' ? hidden | 0x20 : hidden), offset, length, isUnchanged: false);
                return false;
            case <= FoldTable.FirstExpansion:
                result.AppendExpansion(Expansions.Text(FoldTable.FirstExpansion - entry), offset, length);
                return false;
            default:
                var target = entry & ~FoldTable.KeptMark;
                result.AppendRune(new Rune(target), offset, length, isUnchanged: target == rune.Value);
                return entry != target;
        }
    }
}
