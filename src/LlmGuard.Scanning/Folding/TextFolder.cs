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

    private static readonly PlainRows PlainRows = new(FoldTable.Find);

    /// <summary>Folds a text.</summary>
    /// <param name="utf8">The text. Ill-formed bytes fold to U+FFFD.</param>
    /// <param name="result">Receives the folded text; what it held is gone.</param>
    /// <param name="tags">How tag characters are read.</param>
    public static void Fold(ReadOnlySpan<byte> utf8, FoldedText result, TagReading tags = TagReading.AsNothing)
    {
        result.Reset(utf8.Length);
        Append(utf8, 0, 0, isEnd: true, result, tags);
    }

    /// <summary>Folds what is known of a growing text.</summary>
    /// <param name="utf8">The known part: what was folded before and still counts as context, then what is to be folded. Not cut inside a code
    /// point.</param>
    /// <param name="at">Where what is to be folded begins. <see cref="ScriptWords.Reach"/> bytes before it decide about it.</param>
    /// <param name="origin">Offset of the known part in the text.</param>
    /// <param name="isEnd">Whether the text ends there.</param>
    /// <param name="result">Receives the folded text behind what it holds.</param>
    /// <param name="tags">How tag characters are read.</param>
    /// <param name="isForeign">Whether a short word about which nothing tells is read as one of its own script, and not as Latin in disguise.</param>
    /// <returns>The offset in the known part before which all is folded: behind it is a word that only what follows can tell how to read.</returns>
    public static int Append(ReadOnlySpan<byte> utf8, int at, long origin, bool isEnd,
        FoldedText result, TagReading tags = TagReading.AsNothing, bool isForeign = false)
    {
        var shift = (int)(origin - result.Original);
        var offset = at;
        while (offset < utf8.Length)
        {
            var rest = utf8[offset..];
            if (rest[0] < 0x80)
            {
                var plain = AppendAscii(rest, shift + offset, result);
                offset += plain;
                Count(plain == 0, result);
                if (plain == 0)
                {
                    // A control character, which nobody sees.
                    result.Skip(shift + offset, 1);
                    offset++;
                }

                continue;
            }

            if (LetterPairs.MayBegin(rest[0]) && AppendLetters(rest, shift + offset, isDecided: false, result) is > 0 and var letters)
            {
                offset += letters;
                continue;
            }

            if (LengthOfFolded(rest, out var codePoint, out var entry, out var length) is > 0 and var folded)
            {
                result.AppendUnchanged(rest[..folded], shift + offset);
                offset += folded;
                result.Invisible = 0;
                if (length == 0)
                {
                    continue;
                }
            }

            if (ScriptWords.MayBegin(utf8[offset]) && !WordReader.IsWordBefore(result.Utf8, result.Utf8.Length)
                && ScriptWords.Length(utf8, offset, isEnd, isForeign) is not 0 and var own)
            {
                if (own < 0)
                {
                    return offset;
                }

                AppendOwn(utf8.Slice(offset, own), shift + offset, result);
                offset += own;
                continue;
            }

            if (LetterPairs.MayBegin(utf8[offset]) && AppendLetters(utf8[offset..], shift + offset, isDecided: true, result) is > 0 and var read)
            {
                offset += read;
                continue;
            }

            Count(Append(codePoint, entry, shift + offset, length, result, tags), result);
            offset += length;
        }

        return offset;
    }

    private static int AppendLetters(ReadOnlySpan<byte> rest, int original, bool isDecided, FoldedText result)
    {
        var count = result.AppendLetters(rest, original, isDecided);
        result.Invisible = count > 0 ? 0 : result.Invisible;
        return count;
    }

    // Between two words of another script there is one character of ASCII, for which nobody is called.
    private static int AppendAscii(ReadOnlySpan<byte> rest, int original, FoldedText result)
    {
        if (rest.Length > 1 && rest[1] >= 0x80 && PlainAscii.IsKept(rest[0]))
        {
            result.AppendByte((byte)(AsciiByte.IsUpper(rest[0]) ? rest[0] | 0x20 : rest[0]), original, 1, isLinear: true);
            return 1;
        }

        // A text that is plain as far as it was read probably is to the end, which one pass without a look at anything else folds.
        return !result.IsIdentity && result.AppendRow(rest, original) is > 0 and var row ? row : result.AppendPlain(rest, original);
    }

    private static void Count(bool isInvisible, FoldedText result)
    {
        result.Invisible = isInvisible ? result.Invisible + 1 : 0;
        result.HasExcessiveIgnorables |= result.Invisible > MaxIgnorables;
    }

    // A word of another script than Latin, as one of that script.
    private static void AppendOwn(ReadOnlySpan<byte> word, int original, FoldedText result)
    {
        for (var at = 0; at < word.Length;)
        {
            Rune.DecodeFromUtf8(word[at..], out var rune, out var length);
            var isLetter = Rune.IsLetter(rune);
            if (isLetter)
            {
                var own = ScriptWords.Fold(rune.Value);
                result.AppendRune(new Rune(own), original + at, length, isUnchanged: own == rune.Value);
            }

            Count(!isLetter && Append(rune.Value, FoldTable.Find(rune.Value), original + at, length, result, TagReading.AsNothing), result);
            at += length;
        }
    }

    // Bytes of the characters outside ASCII, at the start of a text, that folding leaves as they are; and the one behind them that it does not, which
    // has no bytes where they end before one of ASCII or with the text.
    private static int LengthOfFolded(ReadOnlySpan<byte> utf8, out int next, out int entry, out int width)
    {
        var at = 0;
        while (at < utf8.Length && utf8[at] >= 0x80)
        {
            if (utf8[at] >= 0xE0 && PlainRows.EndOf(utf8, at) is var plain && plain > at)
            {
                at = plain;
                continue;
            }

            next = CodePoint.Read(utf8, at, out width);
            entry = FoldTable.Find(next);
            if (entry != next || (next == CodePoint.Replacement && !IsReplacement(utf8[at..])))
            {
                return at;
            }

            at += width;
        }

        (next, entry, width) = (0, 0, 0);
        return at;
    }

    private static bool IsReplacement(ReadOnlySpan<byte> utf8) => utf8.StartsWith("\uFFFD"u8);

    /// <summary>The folded form of a short text, such as a keyword.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isForeign">Whether a short word about which nothing tells is read as one of its own script, and not as Latin in disguise.</param>
    public static string Fold(string text, bool isForeign = false)
    {
        using var folded = FoldedText.Rent();
        var utf8 = Encoding.UTF8.GetBytes(text);
        folded.Reset(utf8.Length);
        Append(utf8, 0, 0, isEnd: true, folded, TagReading.AsNothing, isForeign);
        return Encoding.UTF8.GetString(folded.Utf8);
    }

    /// <returns>Whether the code point is ignorable or combining.</returns>
    private static bool Append(int codePoint, int entry, int offset, int length, FoldedText result, TagReading tags)
    {
        if ((uint)entry < 0x80)
        {
            result.AppendByte((byte)entry, offset, length, isLinear: false);
            return false;
        }

        switch (entry)
        {
            case FoldTable.Ignored when tags == TagReading.AsText && FoldTable.IsFiller(codePoint):
                result.AppendByte((byte)' ', offset, length, isLinear: false);
                return false;
            case FoldTable.Ignored:
                result.Skip(offset, length);
                return true;
            case FoldTable.Mark:
                result.SkipMark(offset, length);
                return true;
            case FoldTable.Tag:
                result.HasTags = true;
                if (tags == TagReading.AsNothing)
                {
                    result.Skip(offset, length);
                    return true;
                }

                var hidden = codePoint - 0xE0000;
                result.AppendRune(new Rune(hidden is >= 'A' and <= 'Z' ? hidden | 0x20 : hidden), offset, length, isUnchanged: false);
                return false;
            case <= FoldTable.FirstExpansion:
                result.AppendExpansion(Expansions.Text(FoldTable.FirstExpansion - entry), offset, length);
                return false;
            default:
                var target = entry & ~FoldTable.KeptMark;
                result.AppendRune(new Rune(target), offset, length, isUnchanged: target == codePoint);
                return entry != target;
        }
    }
}
