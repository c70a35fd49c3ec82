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
    private const int LongestName = 32;
    private const int LongestLine = 240;
    private const int LongestValue = 128;

    private static readonly SearchValues<byte> OfHeaders =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. \",;\t|/\r"u8);

    private static readonly SearchValues<byte> OfRules = SearchValues.Create("|-: \r"u8);

    public override int MaxLength => (4 * LongestLine) + LongestValue;

    public override bool SkipsInside => true;

    public override Neighbours Before => Neighbours.Letter | Neighbours.Other;

    public override bool IsTrigger(byte value) => value is (byte)',' or (byte)';' or (byte)'\t' or (byte)'|' or (byte)'\n' or (byte)'\r';

    public override IEnumerable<Opening> Openings => ",;\t|\n\r".Select(static delimiter =>
        new Opening(Opening.Exactly(delimiter), after => Delimits('s', delimiter, after))
        {
            Before = before => Delimits(before, delimiter, '\n') || Delimits(before, delimiter, 'a'),
            Condition = MayBeHeader,
        });

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (0, 0);
        if (!Delimits(text[at - 1], text[at], text[at + 1]) || !MayBeHeader(text.Bytes, at))
        {
            return false;
        }

        // The header: where its line starts, the column, and how many there are.
        var name = NameBefore(text.Bytes, at);
        var delimiter = text[at] is '\n' or '\r' ? text[name.Start - 1] : text[at];
        delimiter = delimiter == '"' ? text[name.Start - 2] : delimiter;
        var least = Math.Max(0, at - Left);
        var lineStart = least + text.Bytes[least..at].LastIndexOf((byte)'\n') + 1;
        if ((lineStart == least && at >= Left && text[least] != '\n') || SecretNames.KindOf(text.Bytes[name.Start..name.End]) != kind
            || text.Bytes[lineStart..at].ContainsAnyExcept(OfHeaders))
        {
            return false;
        }

        var column = Count(text.Bytes[lineStart..name.Start], (byte)delimiter);
        var headerEnd = LineEnd(ref text, at);
        if (headerEnd < 0 || text.Bytes[at..headerEnd].ContainsAnyExcept(OfHeaders))
        {
            return false;
        }

        var columns = Count(text.Bytes[lineStart..headerEnd], (byte)delimiter);
        var row = headerEnd + 1;
        var rowEnd = LineEnd(ref text, row);
        if (delimiter == '|' && rowEnd > row && !text.Bytes[row..rowEnd].ContainsAnyExcept(OfRules))
        {
            row = rowEnd + 1;
            rowEnd = LineEnd(ref text, row);
        }

        return rowEnd > row && columns > 0 && Count(text.Bytes[row..rowEnd], (byte)delimiter) == columns
            && IsSecretIn(ref text, row, rowEnd, column, (byte)delimiter, out start, out end);
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

    // The name of a column: a word between two delimiters, or at the start of a line.
    private static bool MayBeHeader(ReadOnlySpan<byte> text, int at)
    {
        var name = NameBefore(text, at);
        if (name.End - name.Start < 2)
        {
            return false;
        }

        var before = name.Start > 0 ? text[name.Start - 1] : (byte)'\n';
        before = before == '"' ? name.Start > 1 ? text[name.Start - 2] : (byte)'\n' : before;
        before = before == ' ' && name.Start > 1 && text[name.Start - 2] == '|' ? (byte)'|' : before;
        return text[at] is (byte)'\n' or (byte)'\r'
            ? before is (byte)',' or (byte)';' or (byte)'\t' or (byte)'|'
            : before == text[at] || before == '\n';
    }

    private static (int Start, int End) NameBefore(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        end -= end > 0 && text[end - 1] == ' ' && text[at] == '|' ? 1 : 0;
        end -= end > 0 && text[end - 1] == '"' ? 1 : 0;
        var start = end;
        while (start > 0 && end - start < LongestName && (AsciiByte.IsLetter(text[start - 1]) || text[start - 1] is (byte)'_' or (byte)'-'))
        {
            start--;
        }

        return (start, end);
    }

    private static int LineEnd(ref ScanText text, int at)
    {
        var end = at;
        while (end - at < LongestLine && text[end] is not (-1 or '\n'))
        {
            end++;
        }

        return end - at < LongestLine ? end : -1;
    }

    private static int Count(ReadOnlySpan<byte> text, byte delimiter) => text.Count(delimiter);

    // Whether a delimiter may stand between two bytes. The names of such columns end as password, pass, pw, secret, token, key and keys do.
    private static bool Delimits(int before, int delimiter, int after)
    {
        var endsName = (before | 0x20) is 'd' or 's' or 'w' or 't' or 'n' or 'y' || before == '"';
        var begins = AsciiByte.IsAlphanumeric(after) || after == '"';
        return delimiter switch
        {
            '|' => (endsName || before == ' ') && (after is ' ' or '\n' or '\r'),
            '\r' => endsName && after == '\n',
            _ => endsName && begins,
        };
    }
}
