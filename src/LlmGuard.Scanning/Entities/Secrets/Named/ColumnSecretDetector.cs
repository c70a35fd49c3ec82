using System.Buffers;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Named;

/// <summary>
/// The first value in the column of a table that its header names as a secret: <c>user,password\nmara,...</c>, tabs, semicolons and Markdown too.
/// </summary>
/// <remarks>The rows below stand too far from the header: what is known of a text while it streams does not reach back to it.</remarks>
/// <param name="kind">What the name must say.</param>
internal sealed class ColumnSecretDetector(SecretKind kind) : Detector
{
    private const int ShortestName = 2;
    private const int LongestName = 32;
    private const int LongestLine = 240;
    private const int LongestValue = 128;

    private static readonly SearchValues<byte> OfHeaders =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. \",;\t|/\r"u8);

    private static readonly SearchValues<byte> OfRules = SearchValues.Create("|-: \r"u8);

    public override int MaxLength => (4 * LongestLine) + LongestValue;

    public override bool SkipsInside => true;

    public override Neighbours Before => Neighbours.Letter | Neighbours.Other;

    public override bool IsTrigger(byte value) => value is (byte)',' or (byte)';' or (byte)'\t' or (byte)'|';

    // Ends of lines are no triggers: prose has many, and the delimiter before a last column tells of it as well.
    public override IEnumerable<Opening> Openings => ",;\t|".Select(static delimiter =>
        new Opening(Opening.Exactly(delimiter), after => Begins(delimiter, after))
        {
            Before = before => Ends(before, delimiter),
            Condition = MayBeHeader,
        });

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (0, 0);
        var delimiter = (byte)text[at];
        if (!MayBeHeader(text.Bytes, at) || !Ends(text[at - 1], delimiter) || !Begins(delimiter, text[at + 1])
            || NameBeside(ref text, at) is not { } name)
        {
            return false;
        }

        // The header: where its line starts, the column, and how many there are.
        var least = Math.Max(0, at - Left);
        var lineStart = least + text.Bytes[least..at].LastIndexOf((byte)'\n') + 1;
        if ((lineStart == least && at >= Left && text[least] != '\n') || text.Bytes[lineStart..at].ContainsAnyExcept(OfHeaders))
        {
            return false;
        }

        var column = text.Bytes[lineStart..name].Count(delimiter);
        var headerEnd = LineEnd(ref text, at);
        if (headerEnd < 0 || text.Bytes[at..headerEnd].ContainsAnyExcept(OfHeaders))
        {
            return false;
        }

        var columns = text.Bytes[lineStart..headerEnd].Count(delimiter);
        var row = headerEnd + 1;
        var rowEnd = LineEnd(ref text, row);
        if (delimiter == '|' && rowEnd > row && !text.Bytes[row..rowEnd].ContainsAnyExcept(OfRules))
        {
            row = rowEnd + 1;
            rowEnd = LineEnd(ref text, row);
        }

        return rowEnd > row && columns > 0 && text.Bytes[row..rowEnd].Count(delimiter) == columns
            && IsSecretIn(ref text, row, rowEnd, column, delimiter, out start, out end);
    }

    private bool IsSecretIn(ref ScanText text, int row, int rowEnd, int column, byte delimiter, out int start, out int end)
    {
        start = row;
        for (; column > 0; column--)
        {
            start += text.Bytes[start..rowEnd].IndexOf(delimiter) + 1;
        }

        var length = text.Bytes[start..rowEnd].IndexOf(delimiter);
        end = length < 0 ? rowEnd : start + length;
        while (end > start && text[end - 1] is ' ' or '\r' or '"' or '`')
        {
            end--;
        }

        while (end > start && text[start] is ' ' or '"' or '`')
        {
            start++;
        }

        if (end - start is < 4 or > LongestValue || SecretValues.IsPlaceholder(ref text, start, end))
        {
            return false;
        }

        var value = text.Bytes[start..end];
        if (kind != SecretKind.Password)
        {
            return SecretJudge.IsSecret(ref text, new SecretText(start, end, '"'), kind, isTight: false);
        }

        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(value, ValueShape.Of(value)), Confidence.Medium);
        return ChosenPassword.Fits(value) || ChosenPassword.Is(value, isExpected: true);
    }

    // Where the name starts that says so: of the column in front of the delimiter where the line begins with it, else of the one behind it.
    private int? NameBeside(ref ScanText text, int at)
    {
        var (start, end) = NameBefore(text.Bytes, at);
        if (BeginsLine(text.Bytes, start) && SecretNames.KindOf(text.Bytes[start..end]) == kind)
        {
            return start;
        }

        start = NameBehind(at, text[at], text[at + 1]);
        end = start;
        while (end - start < LongestName && IsOfName(text[end]))
        {
            end++;
        }

        return EndsColumn(text[at], text[end], text[end + 1]) && SecretNames.KindOf(text.Bytes[start..end]) == kind ? start : null;
    }

    // A word between two delimiters, or between one and an end of the line. What is before is asked first: a comma of prose has words before it, and
    // need not wait for what comes behind.
    private static bool MayBeHeader(ReadOnlySpan<byte> text, int at)
    {
        if (text[at] != '|' && !IsColumnBefore(text, at))
        {
            return false;
        }

        var before = NameBefore(text, at);
        if (before.End - before.Start >= ShortestName && BeginsLine(text, before.Start))
        {
            return true;
        }

        var start = NameBehind(at, text[at], at + 1 < text.Length ? text[at + 1] : -1);
        var end = start;
        while (end < text.Length && end - start < LongestName && IsOfName(text[end]))
        {
            end++;
        }

        return end + 1 >= text.Length || (end - start >= ShortestName && EndsColumn(text[at], text[end], text[end + 1]));
    }

    private static (int Start, int End) NameBefore(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        end -= end > 0 && text[end - 1] == ' ' && text[at] == '|' ? 1 : 0;
        end -= end > 0 && text[end - 1] == '"' ? 1 : 0;
        var start = end;
        while (start > 0 && end - start < LongestName && IsOfName(text[start - 1]))
        {
            start--;
        }

        return (start, end);
    }

    // One word, or what quotation marks hold.
    private static bool IsColumnBefore(ReadOnlySpan<byte> text, int at)
    {
        var start = at;
        while (start > 0 && at - start < LongestName && (IsOfName(text[start - 1]) || AsciiByte.IsDigit(text[start - 1])))
        {
            start--;
        }

        return start == 0 || text[start - 1] is (byte)'"' or (byte)'\n' || text[start - 1] == text[at];
    }

    private static int NameBehind(int at, int delimiter, int next) => at + 1 + (next == '"' || (delimiter == '|' && next == ' ') ? 1 : 0);

    private static bool BeginsLine(ReadOnlySpan<byte> text, int start)
    {
        start -= start > 0 && text[start - 1] == '"' ? 1 : 0;
        return start == 0 || text[start - 1] == '\n';
    }

    private static bool EndsColumn(int delimiter, int end, int next) =>
        end == delimiter || end is -1 or '\n' or '\r' || (end is '"' or ' ' && (next == delimiter || next is -1 or '\n' or '\r'));

    private static bool IsOfName(int value) => AsciiByte.IsLetter(value) || value is '_' or '-';

    private static int LineEnd(ref ScanText text, int at)
    {
        var end = at;
        while (end - at < LongestLine && text[end] is not (-1 or '\n'))
        {
            end++;
        }

        return end - at < LongestLine ? end : -1;
    }

    // What may stand before a delimiter: the end of a column, and a start of the line in Markdown.
    private static bool Ends(int before, int delimiter) => AsciiByte.IsAlphanumeric(before) || before is '"' or '_' or ')'
        || (delimiter == '|' && before is ' ' or '\n' or -1);

    private static bool Begins(int delimiter, int after) => delimiter == '|' ? after == ' ' : AsciiByte.IsLetter(after) || after is '"' or '_';
}
