using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Web.Sql;

/// <summary>Judges a text that was read as the inside of a string: whether it closes the string and goes on as SQL.</summary>
internal static class SqlBreakout
{
    private const int LongestValue = 256;
    private const int LongestWord = 24;
    private const int LongestCall = 24;
    private const int LongestSign = 3;
    private const int LeastWords = 2;

    // What a sign is not made of: letters, digits, quotes and blanks.
    private static readonly SearchValues<byte> NoSigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789'\"` \t\n"u8);

    private static readonly SearchValues<byte> PhraseBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz "u8);

    public static void Judge(in SqlTokens tokens, ReadOnlySpan<byte> text, HitList hits)
    {
        var closed = tokens[0];
        if (closed.IsOpen || tokens.Count == 0)
        {
            return;
        }

        if (IsQuotedWord(text, closed.End - 1) || Quotes.OpenAttribute(text, closed.End - 1) || Quotes.OpenLiteral(text, closed.End - 1))
        {
            return;
        }

        var next = tokens.SkipClose(1);
        if (RuleAt(tokens, closed, next, text) is var (rule, last))
        {
            hits.Add(rule, Math.Max(0, closed.End - 1), tokens[Math.Min(last, tokens.Count - 1)].End);
        }
    }

    // "say \"and\" or \"or\"", "\"order by\" means": a quote that opens, words, and a quote that closes, as sentences have them. What breaks
    // out of a string goes on behind the words with a value or with nothing; and single quotes are the strings of every database, so that
    // more of the sentence has to stand before and behind them.
    private static bool IsQuotedWord(ReadOnlySpan<byte> text, int quote)
    {
        var sign = text[quote];
        if (quote > 0 && text[quote - 1] is not ((byte)' ' or (byte)'('))
        {
            return false;
        }

        var word = text[(quote + 1)..];
        var end = word[..Math.Min(word.Length, LongestWord)].IndexOf(sign);
        if (end <= 0)
        {
            return false;
        }

        var quoted = word[..end];
        var rest = word[(end + 1)..];
        var isFollowed = rest.IsEmpty ? quote > 0 : rest is [(byte)' ' or (byte)',', >= (byte)'a' and <= (byte)'z' or (byte)' ', ..];
        return sign == '"' ? isFollowed && IsPhrase(quoted) || IsNamedSign(text[..quote], quoted, rest, 1)
            : IsNamedSign(text[..quote], quoted, rest, LeastWords)
                || (IsPhrase(quoted) && IsEndOfClause(rest) && ValuePlace.WordsBefore(text[..quote], LeastWords) == LeastWords);
    }

    // 'must not begin with "-"', "the '+' sign means": a sentence names a sign. Behind it the sentence ends, goes on, or names another one.
    private static bool IsNamedSign(ReadOnlySpan<byte> before, ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> rest, int leastWords) =>
        quoted.Length <= LongestSign && !quoted.ContainsAny(NoSigns) && ValuePlace.WordsBefore(before, leastWords) == leastWords
        && (IsEndOfClause(rest) || rest is [(byte)' ', (byte)'(' or (>= (byte)'a' and <= (byte)'z'), (>= (byte)'a' and <= (byte)'z'), ..]);

    private static bool IsEndOfClause(ReadOnlySpan<byte> rest) =>
        rest is [] or [(byte)'.' or (byte)',' or (byte)':' or (byte)'?' or (byte)'!' or (byte)')']
            or [(byte)'.' or (byte)',' or (byte)':', (byte)' ', ..];

    private static bool IsPhrase(ReadOnlySpan<byte> words) =>
        AsciiByte.IsLetter(words[0]) && AsciiByte.IsLetter(words[^1]) && words.IndexOf("  "u8) < 0 && words.IndexOfAnyExcept(PhraseBytes) < 0;

    private static (InjectionRule Rule, int Last)? RuleAt(in SqlTokens tokens, in SqlToken closed, int i, ReadOnlySpan<byte> text)
    {
        var token = tokens[i];
        switch (token.Kind)
        {
            case SqlKind.Logic:
                return AfterLogic(tokens, i, text);
            case SqlKind.Comparison when token.Word is not SqlWord.In and not SqlWord.Is
                || tokens[tokens.SkipPrefix(i + 1)] is { Kind: SqlKind.Word, Word: SqlWord.Null } or { Kind: SqlKind.Open }
                || (token.Word == SqlWord.Is && tokens.IsConstant(i + 1) && tokens[i + 2].Kind is SqlKind.Comparison or SqlKind.Logic):
                var right = tokens.SkipPrefix(i + 1);
                if (closed.End > 1 && ((text[closed.End - 2] == '@' && tokens[right + 1].Kind == SqlKind.Text)
                    || (text[0] == '=' && text[closed.End - 2] is (byte)',' or (byte)'(' && text[closed.End - 1] == '"')))
                {
                    // name@">=1.2", =sumif(a:a,">="&b1): a quote that opens, and one that closes it.
                    return null;
                }

                if (IsMeasure(tokens, closed, right, text))
                {
                    return null;
                }

                return tokens.IsConstant(right) && (token.Word != SqlWord.Like || tokens[right].Kind != SqlKind.Number)
                    || tokens.IsCall(right) ? (InjectionRules.SqlBreakout, right) : null;
            case SqlKind.Operator:
                var operand = tokens.SkipPrefix(i + 1);
                var isArithmetic = text[token.Start] is (byte)'-' or (byte)'+' or (byte)'/';
                return tokens.IsCall(operand) && tokens.WordAt(operand) != SqlWord.None || tokens.WordAt(operand) is SqlWord.Select
                    || (!isArithmetic && IsName(text[..closed.End]) && (tokens[operand] is { Kind: SqlKind.Text } or { Kind: SqlKind.Number })
                    && tokens[operand].End - tokens[operand].Start <= 32
                    && tokens[operand + 1].Kind is SqlKind.End or SqlKind.Comment or SqlKind.Comparison or SqlKind.Logic)
                    || (isArithmetic && !text[..closed.End].Contains((byte)'(') && tokens[operand] is { Kind: SqlKind.Text, IsOpen: true }
                        && tokens[operand].End - tokens[operand].Start <= 32
                    && text[tokens[operand].Start] == text[closed.End - 1])
                    || (isArithmetic && tokens.IsConstant(operand)
                    && tokens[operand + 1].Kind is SqlKind.Comparison or SqlKind.Logic or SqlKind.Comment)
                        ? (InjectionRules.SqlBreakout, operand) : null;
            case SqlKind.Comment:
                if (IsProgram(text[..Math.Max(0, closed.End - 1)]) || IsOption(text, closed.End - 1))
                {
                    return null;
                }

                // Behind a number sign or dashes that end a breakout nothing follows that anyone would read.
                var rest = text[(token.Start + 1)..token.End].TrimStart(" -#*+;\r\n\t"u8);
                return rest.Length <= 12 && !(text[token.Start] == '#' && rest.Length > 0) && !(tokens[0].End <= 1
                    && rest.Length > 0) ? (InjectionRules.SqlComment, i) : null;
            case SqlKind.Semicolon:
                return (SqlStatements.Begins(tokens, i + 1) ?? SqlStatements.RunsProgram(tokens, i + 1, text)) is { } last
                    ? (InjectionRules.SqlStacked, last)
                    : tokens[i + 1].Kind is SqlKind.Comment ? (InjectionRules.SqlComment, i + 1) : null;
            case SqlKind.Comma:
                // ",null,null)--": goes on with a list of values.
                return IsAssignment(tokens, i + 1) || tokens.WordAt(i + 1) == SqlWord.Null
                    && tokens[i + 2].Kind is SqlKind.Comma or SqlKind.Close or SqlKind.Comment
                    || (tokens.IsCall(i + 1) && tokens.WordAt(i + 1) is >= SqlWord.DelayFunction)
                    || (tokens[i + 1].Kind == SqlKind.Open && tokens.WordAt(i + 2) == SqlWord.Select) ? (InjectionRules.SqlBreakout, i + 2) : null;
            case SqlKind.Word:
                return AfterWord(tokens, i);
            default:
                return null;
        }
    }

    // "10\" = 70\"", "6\" = 15 cm": a length, and as many of it or of another unit.
    private static bool IsMeasure(in SqlTokens tokens, in SqlToken closed, int right, ReadOnlySpan<byte> text) =>
        closed.End > 1 && AsciiByte.IsDigit(text[closed.End - 2]) && tokens[right].Kind == SqlKind.Number
        && (SqlStructure.IsCounted(tokens, right)
            || (tokens[right + 1].Start == tokens[right].End && text[tokens[right].End..].SequenceEqual(text[(closed.End - 1)..closed.End])));

    // ", is_admin = true where id = 7 --": one more column of an update.
    private static bool IsAssignment(in SqlTokens tokens, int i) => tokens[i] is { Kind: SqlKind.Word, Word: SqlWord.None }
        && tokens[i + 1].Word == SqlWord.Equal && tokens.IsConstant(i + 2)
        && (tokens[i + 3].Kind == SqlKind.Comment || (tokens.WordAt(i + 3) == SqlWord.Where && tokens[i + 4].Kind == SqlKind.Word
            && tokens[i + 5].Kind == SqlKind.Comparison));

    // "opts=\"--timing": a quote that opens, and the option of a command. Not behind a blank: to most databases "admin " is "admin".
    private static bool IsOption(ReadOnlySpan<byte> text, int quote) => quote > 0 && text[quote - 1] is (byte)'=' or (byte)'('
        && text[(quote + 1)..].TrimStart(" \t"u8) is [(byte)'-', (byte)'-', >= (byte)'a' and <= (byte)'z', >= (byte)'a' and <= (byte)'z', ..];

    // A statement that ended, with texts of its own.
    private static bool IsProgram(ReadOnlySpan<byte> closed)
    {
        closed = closed[..Math.Min(closed.Length, LongestValue)];
        return closed.Contains((byte)';') && closed.Count((byte)'"') is > 0 and var quotes && quotes % 2 == 0;
    }

    // What a quote ends at once is the rest of a value, and not of a program that has texts of its own.
    private static bool IsName(ReadOnlySpan<byte> closed) => closed.Length <= 32 && closed.IndexOfAny("(=:"u8) < 0
        && closed.Trim((byte)' ').Count((byte)' ') <= 1;

    private static (InjectionRule Rule, int Last)? AfterLogic(in SqlTokens tokens, int i, ReadOnlySpan<byte> text)
    {
        var left = tokens.SkipPrefix(i + 1);
        var next = SkipCast(tokens, left + 1, text);
        var right = tokens.SkipPrefix(next + 1);
        if (!tokens.IsOperand(left) || tokens.IsSentence(right + 1) || (tokens.IsConstant(left) && SqlStructure.IsCounted(tokens, right)))
        {
            return null;
        }

        var isCall = tokens.IsCall(left);
        var after = tokens[next];
        return after.Kind is SqlKind.Comparison && tokens.IsOperand(right) && after.Word is not SqlWord.In and not SqlWord.Is
            || (after.Kind is SqlKind.Logic or SqlKind.Operator
            && tokens[next + 1] is { Kind: SqlKind.Text, IsOpen: true } or { Kind: SqlKind.Number } && tokens[next + 2].Kind is not SqlKind.Word)
            || (isCall && (tokens.WordAt(left) is not SqlWord.None || IsComparedCall(tokens, left)))
            || (isCall && tokens[i].Word is SqlWord.Pipes)
            || (tokens[left].Kind is SqlKind.Number && (after.Kind is SqlKind.End or SqlKind.Comment or SqlKind.Close or SqlKind.Comparison))
            || (tokens[left].Kind is SqlKind.Text && ((tokens[left].IsOpen
                && text[tokens[left].Start] == text[tokens[0].End - 1]) || after.Kind is SqlKind.Comparison or SqlKind.Comment or SqlKind.Logic))
            || (tokens[left].Kind is SqlKind.Text && after is { Kind: SqlKind.Word, Word: SqlWord.None }
                && text[..tokens[left].End] is [.., (byte)'=', (byte)'\'' or (byte)'"'] && tokens[next + 1].Kind is SqlKind.End)
            || (tokens[left].Word is SqlWord.Null && after.Kind is not SqlKind.Word)
            || (tokens[left].Word == SqlWord.None && after.Kind is SqlKind.Comment)
            || tokens.WordAt(left) is SqlWord.Select or SqlWord.Case ? (InjectionRules.SqlBreakout, left + 1) : null;
    }

    // "'...'::jsonb": a value and its type.
    private static int SkipCast(in SqlTokens tokens, int i, ReadOnlySpan<byte> text) =>
        tokens[i].Kind == SqlKind.Other && text[tokens[i].Start..].StartsWith("::"u8) && tokens[i + 2].Kind == SqlKind.Word ? i + 3 : i;

    // "json_extract(...) = 1": whatever is called, its result is compared.
    private static bool IsComparedCall(in SqlTokens tokens, int call)
    {
        var depth = 0;
        for (var i = call + 1; i < call + LongestCall; i++)
        {
            depth += tokens[i].Kind switch { SqlKind.Open => 1, SqlKind.Close => -1, _ => 0 };
            if (depth == 0)
            {
                return tokens[i + 1].Kind == SqlKind.Comparison && tokens.IsConstant(tokens.SkipPrefix(i + 2));
            }
        }

        return false;
    }

    private static (InjectionRule Rule, int Last)? AfterWord(in SqlTokens tokens, int i) => tokens.WordAt(i) switch
    {
        SqlWord.Order or SqlWord.Group when tokens.WordAt(i + 1) == SqlWord.By
            && tokens.IsOperand(tokens.SkipPrefix(i + 2)) => (InjectionRules.SqlClause, i + 2),
        SqlWord.Having when tokens[tokens.SkipPrefix(i + 1) + 1].Kind == SqlKind.Comparison => (InjectionRules.SqlClause, i + 1),
        SqlWord.Limit when tokens[i + 1].Kind == SqlKind.Number && tokens[i + 2].Kind is not SqlKind.Word => (InjectionRules.SqlClause, i + 1),
        SqlWord.Where when tokens[tokens.SkipPrefix(i + 1) + 1].Kind == SqlKind.Comparison => (InjectionRules.SqlClause, i + 1),
        SqlWord.Procedure or SqlWord.Into when tokens.WordAt(i + 1) is SqlWord.DangerousFunction or SqlWord.Outfile =>
            (InjectionRules.SqlFunction, i + 1),
        SqlWord.Union when tokens.WordAt(i + 1) is SqlWord.All or SqlWord.Select or SqlWord.Distinct
            || tokens[i + 1].Kind == SqlKind.Open => (InjectionRules.SqlUnion, i + 1),
        SqlWord.Waitfor or SqlWord.Exec or SqlWord.Declare when SqlStatements.Begins(tokens, i) is { } last => (InjectionRules.SqlStacked, last),
        SqlWord.Not when tokens[i + 1].Kind == SqlKind.Comparison && tokens.IsConstant(i + 2) => (InjectionRules.SqlBreakout, i + 2),
        SqlWord.As when tokens[i + 1].Kind == SqlKind.Word
            && tokens.WordAt(i + 2) is SqlWord.Where or SqlWord.Order or SqlWord.Group => (InjectionRules.SqlClause, i + 2),
        _ => null,
    };
}
