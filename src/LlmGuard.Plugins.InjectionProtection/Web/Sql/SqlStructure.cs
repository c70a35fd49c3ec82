using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Web.Sql;

/// <summary>
/// Judges by structure whether tokens are a fragment that was made to change a statement of SQL. Looks a bounded number of tokens ahead.
/// </summary>
internal static class SqlStructure
{
    private const int LongestPlaceholder = 48;

    /// <summary>Adds what the tokens show.</summary>
    public static void Judge(in SqlTokens tokens, ReadOnlySpan<byte> text, HitList hits)
    {
        if (tokens.IsInText)
        {
            SqlBreakout.Judge(tokens, text, hits);
        }

        for (var i = 0; i < tokens.Count; i++)
        {
            if (RuleAt(tokens, i, text) is var (rule, last))
            {
                hits.Add(rule, tokens[i].Start, tokens[Math.Min(last, tokens.Count - 1)].End);
            }
        }
    }

    private static (InjectionRule Rule, int Last)? RuleAt(in SqlTokens tokens, int i, ReadOnlySpan<byte> text)
    {
        var token = tokens[i];
        return token.Kind switch
        {
            SqlKind.Logic => AtLogic(tokens, i, text),
            SqlKind.Semicolon when (SqlStatements.Begins(tokens, i + 1) ?? SqlStatements.RunsProgram(tokens, i + 1, text)) is { } last =>
                (InjectionRules.SqlStacked, last),
            SqlKind.Variable when text[token.Start..token.End] is var name && name.StartsWith("@@"u8)
                && IsServerVariable(name[2..]) => (InjectionRules.SqlFunction, i),
            SqlKind.Word => AtWord(tokens, i, text) ?? (token.IsExecutable && token.Word != SqlWord.None ? (InjectionRules.SqlComment, i) : null),
            SqlKind.Comment when i > 0 && EndsExpression(tokens, i, text) => (InjectionRules.SqlComment, i),
            _ => null,
        };
    }

    private static (InjectionRule Rule, int Last)? AtLogic(in SqlTokens tokens, int i, ReadOnlySpan<byte> text)
    {
        var left = tokens.SkipPrefix(i + 1);
        if (tokens.IsConstant(left))
        {
            var comparison = SkipArithmetic(tokens, tokens.SkipClose(left + 1));
            if (tokens[comparison].Kind == SqlKind.Comparison)
            {
                if (IsArm(tokens, comparison, text) || (!tokens.IsInText && (i == 3 || (i == 5 && IsField(tokens)))
                    && tokens.IsConstant(i - 3) && tokens[i - 2].Kind == SqlKind.Comparison && tokens.IsConstant(i - 1)))
                {
                    // An arm of a pattern; or a condition of numbers from its start, which goes on with nothing that it was put into.
                    return null;
                }

                var right = tokens.SkipPrefix(comparison + 1);
                if (tokens[i - 1].Kind is SqlKind.Comma && tokens[right + 1] is { Kind: SqlKind.Word, Word: SqlWord.None })
                {
                    // A clause of a sentence, which goes on.
                    return null;
                }

                if (i > 0 && (tokens.IsSentence(right + 1) || IsCounted(tokens, right) || IsTold(tokens, i) || IsCode(tokens, i, right, text)
                    || IsOfProgram(tokens, left, right, text)))
                {
                    return null;
                }

                return tokens.IsConstant(right) || tokens.IsCall(right) || (i > 0 && tokens.IsEnd(right))
                    ? (InjectionRules.SqlTautology, right)
                    : null;
            }

            // "or 1--": nothing is compared, and the rest of the statement is cut off.
            return tokens[comparison].Kind == SqlKind.Comment && tokens[left].Kind != SqlKind.Text && (i > 0
                || tokens[left].Kind == SqlKind.Word) ? (InjectionRules.SqlTautology, comparison) : null;
        }

        // "or x=x": whatever it names, it equals itself.
        if (tokens[left].Kind == SqlKind.Word && tokens[left + 1].Kind == SqlKind.Comparison && tokens[left + 2].Kind == SqlKind.Word
            && text[tokens[left].Start..tokens[left].End].SequenceEqual(text[tokens[left + 2].Start..tokens[left + 2].End]))
        {
            return (InjectionRules.SqlTautology, left + 2);
        }

        if (tokens.IsCall(left) && tokens.WordAt(left) is SqlWord.TextFunction or SqlWord.If or SqlWord.Convert && IsValue(tokens, i - 1)
            && !IsSameCase(tokens, i, left, text))
        {
            return (InjectionRules.SqlTautology, left + 1);
        }

        // "5 or name = 'x'" and "(1) and x like": a value and then a condition.
        if (IsValue(tokens, i - 1) && (i <= 1 || (i <= 3 && tokens[i - 1].Kind != SqlKind.Number && (tokens.IsInText
            || !(tokens[i - 2].Kind == SqlKind.Comparison || IsOperatorName(tokens, i - 2))))) && tokens.IsOperand(left)
            && tokens[left].Kind == SqlKind.Word && tokens[left + 1].Kind == SqlKind.Comparison && tokens.IsConstant(tokens.SkipPrefix(left + 2)))
        {
            return (InjectionRules.SqlTautology, left + 2);
        }

        return null;
    }

    // "comment=5 < 7 and ...": the name of what the condition is the value of.
    private static bool IsField(in SqlTokens tokens) => tokens[0] is { Kind: SqlKind.Word, Word: SqlWord.None } && tokens[1].Word == SqlWord.Equal
        && tokens[0].End == tokens[1].Start;

    // "x = 'a' or lower(y) = 'b'": a filter from its start, which asks without regard to the case of letters.
    private static bool IsSameCase(in SqlTokens tokens, int i, int call, ReadOnlySpan<byte> text) => !tokens.IsInText
        && tokens[i - 2].Kind == SqlKind.Comparison && tokens[call + 2] is { Kind: SqlKind.Word, Word: SqlWord.None }
        && tokens[call + 3].Kind == SqlKind.Close && text[tokens[call].Start..tokens[call].End] is var name
        && (name.SequenceEqual("lower"u8) || name.SequenceEqual("upper"u8));

    // "name contains 'x' and ...": a comparison by a word of the language of the filter.
    private static bool IsOperatorName(in SqlTokens tokens, int i) => i == 1 && tokens[i] is { Kind: SqlKind.Word, Word: SqlWord.None }
        && tokens[0] is { Kind: SqlKind.Word, Word: SqlWord.None };

    // "prove that 1=1 and 0!=1": words, and then conditions, where a value would be closed or compared.
    private static bool IsTold(in SqlTokens tokens, int i) => i >= 5 && tokens.IsConstant(i - 1) && tokens[i - 2].Kind == SqlKind.Comparison
        && tokens.IsConstant(i - 3) && tokens[i - 4] is { Kind: SqlKind.Word, Word: SqlWord.None }
        && tokens[i - 5] is { Kind: SqlKind.Word, Word: SqlWord.None };

    // "2 or 3 > 1 room", "or 1=1 is the": a number and then what is counted, or a statement, which no condition has behind it.
    public static bool IsCounted(in SqlTokens tokens, int right) => tokens[right].Kind == SqlKind.Number
        && tokens[right + 1].Start > tokens[right].End
        && (tokens[right + 1] is { Kind: SqlKind.Word, Word: SqlWord.None }
            || (tokens.WordAt(right + 1) == SqlWord.Is && tokens[right + 2] is { Kind: SqlKind.Word, Word: SqlWord.None }));

    // "OR-1=1-KIT": the code of a product, in one piece with names on both sides.
    private static bool IsCode(in SqlTokens tokens, int i, int right, ReadOnlySpan<byte> text) => tokens[right + 1].Kind == SqlKind.Operator
        && tokens[right + 1].Start == tokens[right].End
        && tokens[right + 2] is { Kind: SqlKind.Word, Word: SqlWord.None } name && name.Start == tokens[right + 1].End
            && !text[tokens[i].Start..name.End].Contains((byte)' ');

    // "'$(Name)' == 'x'" compares what is filled in there, and "[@id = 'x']" an attribute; what equals itself does not.
    private static bool IsOfProgram(in SqlTokens tokens, int left, int right, ReadOnlySpan<byte> text)
    {
        tokens.Spend(2 * LongestPlaceholder);
        var first = text[tokens[left].Start..tokens[left].End];
        var second = text[tokens[right].Start..tokens[right].End];
        first = first[..Math.Min(first.Length, LongestPlaceholder)];
        second = second[..Math.Min(second.Length, LongestPlaceholder)];
        if (first.SequenceEqual(second))
        {
            return false;
        }

        var before = text[Math.Max(0, tokens[left].Start - LongestPlaceholder)..tokens[left].Start];
        return IsFilledIn(first) || IsFilledIn(second)
            || (first is [(byte)'@', >= (byte)'a' and <= (byte)'z', ..] && before.LastIndexOf((byte)'[') is >= 0 and var open
            && !before[open..].Contains((byte)']')
                && text[tokens[right].End..].StartsWith("]"u8));
    }

    private static bool IsFilledIn(ReadOnlySpan<byte> constant) => constant is [(byte)'\'' or (byte)'"', ..]
        && (constant.IndexOf("$("u8) >= 0 || constant.IndexOf("%("u8) >= 0 || constant.IndexOf("@("u8) >= 0 || constant.IndexOf("${"u8) >= 0
            || constant.IndexOf("{{"u8) >= 0);

    // "17-7" is as constant as "10".
    private static int SkipArithmetic(in SqlTokens tokens, int i)
    {
        for (var count = 0; count < 3 && tokens[i].Kind == SqlKind.Operator && tokens.IsConstant(i + 1); count++)
        {
            i += 2;
        }

        return i;
    }

    private static bool IsArm(in SqlTokens tokens, int i, ReadOnlySpan<byte> text) => text[tokens[i].Start..].StartsWith("=>"u8);

    private static (InjectionRule Rule, int Last)? AtWord(in SqlTokens tokens, int i, ReadOnlySpan<byte> text)
    {
        var token = tokens[i];
        switch (token.Word)
        {
            case SqlWord.Union:
                var all = tokens.SkipOpen(i + 1);
                all = tokens.SkipOpen(tokens.WordAt(all) is SqlWord.All or SqlWord.Distinct ? all + 1 : all);
                return (tokens[all].Kind == SqlKind.End && tokens[i - 1].Kind is SqlKind.Number or SqlKind.Text && i <= 2)
                    || (tokens.WordAt(all) == SqlWord.Select && !IsQuoted(tokens, all, text)
                    && (SqlStatements.IsSelectList(tokens, all + 1) || tokens.IsEnd(all + 1)
                    || tokens[all].AfterComment || tokens[all].IsExecutable || (IsValue(tokens, i - 1) && tokens.IsOperand(all + 1)
                    && tokens.IsEnd(all + 2))))
                    || (tokens.WordAt(all) == SqlWord.Values && tokens[all + 1].Kind == SqlKind.Open) ? (InjectionRules.SqlUnion, all + 1) : null;
            case SqlWord.Select when SqlStatements.IsSelect(tokens, i) is { } last && !text[token.End..].StartsWith("(."u8):
                return (tokens[i - 1].Kind == SqlKind.Open && i > 1 ? InjectionRules.SqlSubquery : InjectionRules.SqlStatement, last);
            case SqlWord.Waitfor when tokens.WordAt(i + 1) == SqlWord.Delay
                && tokens[i + 2].Kind is SqlKind.Text or SqlKind.Variable or SqlKind.Number:
                return (InjectionRules.SqlDelay, i + 2);
            case SqlWord.DelayFunction when tokens.IsCall(i) && IsFragmentArgument(tokens, i) && !IsMeasure(tokens, i)
                && !IsCount(tokens, i, text) && !IsDuration(text[tokens[i + 2].Start..])
                && !Mention.GoesOnBehindCall(text, tokens[i + 1].End):
                return (InjectionRules.SqlDelay, i + 1);
            case SqlWord.DangerousFunction when tokens.IsCall(i) && IsFragmentArgument(tokens, i):
            case SqlWord.Exec when tokens.WordAt(i + 1) == SqlWord.DangerousFunction && !Mention.IsSubject(text, tokens[i + 1].End)
                || tokens[i + 1].Kind == SqlKind.Variable:
            case SqlWord.Procedure when tokens.WordAt(i + 1) == SqlWord.DangerousFunction:
            case SqlWord.Into when tokens.WordAt(i + 1) == SqlWord.Outfile && tokens[i + 2].Kind is SqlKind.Text or SqlKind.Number or SqlKind.End:
                return (InjectionRules.SqlFunction, i + 1);
            case SqlWord.Exec when tokens[i + 1].Kind == SqlKind.Word && text[tokens[i + 1].Start..] is var called && (called.StartsWith("sp_"u8)
                || called.StartsWith("xp_"u8)) && !Mention.IsSubject(text, tokens[i + 1].End):
                return (InjectionRules.SqlFunction, i + 1);
            case SqlWord.TextFunction or SqlWord.Convert when tokens.IsCall(i) && HidesText(tokens, i):
                return (InjectionRules.SqlFunction, i + 2);
            case SqlWord.Catalog when tokens.WordAt(i - 1) is SqlWord.From or SqlWord.Join or SqlWord.Into or SqlWord.Update or SqlWord.Table:
                return (InjectionRules.SqlCatalog, i);
            case SqlWord.Where when IsComparisonOfConstants(tokens, i + 1) is { } last:
            case SqlWord.Having when IsComparisonOfConstants(tokens, i + 1) is { } last2 && (last = last2) > 0:
                return (InjectionRules.SqlTautology, last);
            case SqlWord.Order or SqlWord.Group when tokens.WordAt(i + 1) == SqlWord.By && IsProbe(tokens, i):
                return (InjectionRules.SqlClause, i + 2);
            case SqlWord.Case when tokens.WordAt(i + 1) == SqlWord.When && tokens.IsOperand(tokens.SkipPrefix(i + 2))
                && tokens[i - 1].Kind is not SqlKind.Word && !(i == 0 && (IsColumn(tokens, i + 2) || IsCondition(tokens, i + 2) is false)):
            case SqlWord.If when tokens.IsCall(i) && IsComparisonOfConstants(tokens, i + 2) is not null:
                return (InjectionRules.SqlClause, i + 2);
            case SqlWord.Select or SqlWord.From or SqlWord.Where or SqlWord.Table when token.AfterComment
                && tokens[i - 1].Kind is SqlKind.Word or SqlKind.Number or SqlKind.Close:
                return (InjectionRules.SqlComment, i);
            default:
                return i == 0 && SqlStatements.Begins(tokens, 0) is { } end
                    && !(token.Word == SqlWord.Exec && Mention.IsSubject(text, tokens[end].End)) ? (InjectionRules.SqlStatement, end) : null;
        }
    }

    // "1*1--", "(binary (@a)) --", "1 /*": an expression, and the rest of the statement is cut off.
    private static bool EndsExpression(in SqlTokens tokens, int i, ReadOnlySpan<byte> text)
    {
        var first = tokens.SkipOpen(0);
        return !tokens.IsInText && i < 40 && IsValue(tokens, i - 1) && text[tokens[i].Start] != '#'
            && (tokens[first].Kind is SqlKind.Number or SqlKind.Variable || (first > 0 && (tokens.IsConstant(first)
            || tokens.WordAt(first) is not SqlWord.None)))
            && text[(tokens[i].Start + 2)..tokens[i].End].Trim(" -+"u8).IsEmpty;
    }

    /// <summary>Whether a value that may end an expression stands there.</summary>
    private static bool IsValue(in SqlTokens tokens, int i) => tokens[i].Kind is SqlKind.Number or SqlKind.Text or SqlKind.Close or SqlKind.Variable
        || tokens.WordAt(i) == SqlWord.Null;

    private static int? IsComparisonOfConstants(in SqlTokens tokens, int i)
    {
        var left = tokens.SkipPrefix(i);
        var comparison = tokens.SkipClose(left + 1);
        if (!tokens.IsConstant(left) || tokens[comparison].Kind != SqlKind.Comparison
            || (tokens[comparison].Word == SqlWord.In && tokens[comparison + 1].Kind != SqlKind.Open))
        {
            // "where 1 in 4 ...": what a value is in is a list.
            return null;
        }

        var right = tokens.SkipPrefix(comparison + 1);
        return (tokens.IsConstant(right) && tokens[right + 1] is not { Kind: SqlKind.Word, Word: SqlWord.None })
            || tokens.IsCall(right) ? right : null;
    }

    // A call in code stands alone or behind a name; in a fragment it stands where an expression does.
    private static bool IsFragmentArgument(in SqlTokens tokens, int i) => i == 0
        || tokens[i - 1].Kind is SqlKind.Logic or SqlKind.Operator or SqlKind.Comparison or SqlKind.Comma or SqlKind.Open or SqlKind.Semicolon
            or SqlKind.Text or SqlKind.Number
        || tokens.WordAt(i - 1) is not SqlWord.None;

    // "sleep(8 hours)": nothing names what a number stands for but a sentence.
    public static bool IsMeasure(in SqlTokens tokens, int i) => tokens[i + 2].Kind == SqlKind.Number
        && (tokens[i + 3] is { Kind: SqlKind.Word, Word: SqlWord.None } || (tokens[i + 3].Kind == SqlKind.Operator
            && tokens[i + 4].Kind == SqlKind.Number && tokens[i + 6] is { Kind: SqlKind.Word, Word: SqlWord.None }));

    // "case when broken: ask the desk": a word, and nothing that asks anything of it.
    private static bool IsCondition(in SqlTokens tokens, int i) => tokens[i] is not { Kind: SqlKind.Word, Word: SqlWord.None }
        || tokens[i + 1].Kind is SqlKind.Comparison or SqlKind.Logic or SqlKind.Open or SqlKind.Operator or SqlKind.End
        || tokens[i + 1] is { Kind: SqlKind.Word, Word: not SqlWord.None };

    // '"union select" tutorial': what stands behind the word closes a quotation.
    private static bool IsQuoted(in SqlTokens tokens, int i, ReadOnlySpan<byte> text) => tokens[i + 1] is { Kind: SqlKind.Text, IsOpen: true } quote
        && quote.Start == tokens[i].End && text[quote.Start..] is [_, (byte)' ', ..];

    // A name that is compared, and nothing that is called.
    private static bool IsColumn(in SqlTokens tokens, int i) => tokens[i] is { Kind: SqlKind.Word, Word: SqlWord.None }
        && tokens[i + 1].Kind == SqlKind.Comparison;

    // "benchmark(1000)": how often, and nothing that is done so often.
    private static bool IsCount(in SqlTokens tokens, int i, ReadOnlySpan<byte> text) => tokens[i + 3].Kind == SqlKind.Close
        && text[tokens[i].Start..tokens[i].End].SequenceEqual("benchmark"u8);

    // concat(0x3a,...), char(58), concat((select ...)), ascii(substr(...)).
    private static bool HidesText(in SqlTokens tokens, int i)
    {
        var argument = tokens.SkipOpen(i + 2);
        return tokens.WordAt(argument) is SqlWord.Select
            || (tokens.IsCall(argument) && tokens.WordAt(argument) is SqlWord.TextFunction or SqlWord.Convert)
            || (tokens.WordAt(i) == SqlWord.TextFunction && tokens[argument] is { Kind: SqlKind.Number } number && number.End - number.Start >= 4
                && tokens[argument + 1].Kind is SqlKind.Comma or SqlKind.Close
                && tokens[i - 1].Kind is SqlKind.Comma or SqlKind.Logic or SqlKind.Open)
            || (tokens[i - 1].Kind == SqlKind.Comma && tokens[i - 2].Kind is SqlKind.Number or SqlKind.Text && tokens[i - 3].Kind is SqlKind.Comma
            || tokens.WordAt(i - 3) == SqlWord.Select);
    }

    // "order by 10--": asks how many columns there are.
    private static bool IsProbe(in SqlTokens tokens, int i)
    {
        var column = tokens.SkipPrefix(i + 2);
        if (i == 0 && tokens.WordAt(column + 1) is SqlWord.Having && IsComparisonOfConstants(tokens, column + 2) is null
            && tokens[tokens.Count - 1].Kind is not SqlKind.Comment)
        {
            // The end of a query of one's own.
            return false;
        }

        return tokens.IsOperand(column)
            && (i == 0 || tokens[i].AfterComment || tokens[i - 1].Kind is SqlKind.Number or SqlKind.Text or SqlKind.Close or SqlKind.Operator)
            && (tokens[column + 1].Kind is SqlKind.Comment or SqlKind.Comma or SqlKind.End
            || tokens.WordAt(column + 1) is SqlWord.Having or SqlWord.Limit
            || (tokens.WordAt(column + 1) is SqlWord.Asc && tokens[column + 2] is not { Kind: SqlKind.Word, Word: SqlWord.None }))
            && (tokens[column].Kind is SqlKind.Number || tokens[column + 1].Kind == SqlKind.Comment || tokens.WordAt(column + 1) is SqlWord.Having);
    }

    // "sleep(8h)".
    private static bool IsDuration(ReadOnlySpan<byte> argument) => argument
        is [>= (byte)'0' and <= (byte)'9', >= (byte)'a' and <= (byte)'z' and not (byte)'x' and not (byte)'e', (byte)')', ..];

    private static bool IsServerVariable(ReadOnlySpan<byte> name) =>
        name.StartsWith("version"u8) || name.StartsWith("datadir"u8) || name.StartsWith("global"u8) || name.StartsWith("servername"u8)
            || name.StartsWith("basedir"u8)
        || name.StartsWith("hostname"u8) || name.StartsWith("tmpdir"u8) || name.StartsWith("microsoftversion"u8) || name.StartsWith("plugin_dir"u8)
            || name.StartsWith("rowcount"u8)
        || name.StartsWith("connections"u8) || name.StartsWith("pack_received"u8) || name.StartsWith("cpu_busy"u8) || name.StartsWith("langid"u8);
}
