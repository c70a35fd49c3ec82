using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Web.Sql;

/// <summary>Recognises where whole statements of SQL begin, as against the English words that they begin with.</summary>
internal static class SqlStatements
{
    private const int LongestList = 24;

    /// <summary>The last token that proves a statement at an index, or null.</summary>
    public static int? Begins(in SqlTokens tokens, int i)
    {
        i = tokens.SkipOpen(i);
        var next = tokens[i + 1];
        switch (tokens.WordAt(i))
        {
            case SqlWord.Select:
                return IsSelectList(tokens, i + 1) && !IsSentence(tokens, i) && !IsChoice(tokens, i + 1) ? i + 1 : null;
            case SqlWord.Drop or SqlWord.Alter or SqlWord.Create or SqlWord.Truncate:
                return next.Word is SqlWord.Table or SqlWord.Procedure && tokens[i + 2].Kind == SqlKind.Word
                    && !(tokens.WordAt(i) == SqlWord.Drop && IsName(tokens[i + 3]) && IsName(tokens[i + 4])) && (IsClosed(tokens, i + 3) || (i > 0
                    && !tokens.IsSentence(i + 3) && tokens[i - 1].Kind == SqlKind.Semicolon)) ? i + 2 : null;
            case SqlWord.Insert:
                return next.Word == SqlWord.Into && tokens[i + 2].Kind == SqlKind.Word && (tokens[i + 3].Kind == SqlKind.Open
                    || tokens.WordAt(i + 3) is SqlWord.Values or SqlWord.Select) ? i + 3 : null;
            case SqlWord.Update:
                return next.Kind == SqlKind.Word && tokens.WordAt(i + 2) == SqlWord.Set && tokens[i + 4].Word == SqlWord.Equal ? i + 4 : null;
            case SqlWord.Delete:
                return next.Word == SqlWord.From && tokens[i + 2].Kind == SqlKind.Word && (tokens.IsEnd(i + 3)
                    || tokens.WordAt(i + 3) is SqlWord.Where or SqlWord.Limit) ? i + 2 : null;
            case SqlWord.Exec:
                return next.Word == SqlWord.DangerousFunction || next.Kind is SqlKind.Variable or SqlKind.Text || (i > 0
                    && next.Kind == SqlKind.Word && tokens[i + 2].Kind == SqlKind.Text) || (next.Kind == SqlKind.Open
                    && tokens[i + 2].Kind is SqlKind.Text or SqlKind.Variable or SqlKind.Word
                    && tokens[i - 1].Kind == SqlKind.Semicolon) ? i + 1 : null;
            case SqlWord.Grant:
                return i > 0 && next.Word is SqlWord.All or SqlWord.Select or SqlWord.Insert or SqlWord.Update or SqlWord.Delete or SqlWord.Exec
                    ? i + 1 : null;
            case SqlWord.Declare:
                return next.Kind == SqlKind.Variable && next.End - next.Start > 1 ? i + 1 : null;
            case SqlWord.Waitfor:
                // "waitfor delay announcements": how long is what a statement has there.
                return next.Word == SqlWord.Delay && !IsName(tokens[i + 2]) ? i + 1 : null;
            case SqlWord.Shutdown:
                return i > 0 && (tokens.IsEnd(i + 1) || (IsName(tokens[i + 1]) && IsName(tokens[i + 2]) && tokens[i + 3].Kind == SqlKind.Comment))
                    ? i : null;
            case SqlWord.Load:
                return tokens[i + 2].Kind == SqlKind.Word && tokens.WordAt(i + 3) == SqlWord.Into || tokens[i + 3].Kind == SqlKind.Text
                    && tokens.WordAt(i + 4) == SqlWord.Into ? i + 3 : null;
            case SqlWord.If when i > 0 && tokens.IsConstant(i + 1) && tokens[i + 2].Kind == SqlKind.Comparison:
                return i + 2;
            case SqlWord.If or SqlWord.Do or SqlWord.Call:
                return i > 0 && next.Kind == SqlKind.Open && tokens.IsConstant(tokens.SkipOpen(i + 2)) ? i + 2 : null;
            case SqlWord.DelayFunction:
                return i > 0 && next.Kind == SqlKind.Open && !SqlStructure.IsMeasure(tokens, i)
                    && (tokens[i + 2] is not { Kind: SqlKind.Word, Word: SqlWord.None } || tokens.IsCall(i + 2)) ? i + 1 : null;
            case SqlWord.Handler:
                return next.Kind == SqlKind.Word && tokens[i + 2].Kind == SqlKind.Word && tokens.IsEnd(i + 3) && i > 0 ? i + 2 : null;
            case SqlWord.Begin:
                return i > 0 && next.Word is SqlWord.Declare or SqlWord.Exec ? i + 1 : null;
            default:
                return null;
        }
    }

    /// <summary>The last token of <c>copy t from program '...'</c> at an index, which runs a command on the server, or null.</summary>
    public static int? RunsProgram(in SqlTokens tokens, int i, ReadOnlySpan<byte> text)
    {
        if (!IsName(tokens[i]) || !text[tokens[i].Start..tokens[i].End].SequenceEqual("copy"u8))
        {
            return null;
        }

        for (var j = i + 2; j < i + LongestList && tokens[j].Kind is not SqlKind.Semicolon and not SqlKind.End; j++)
        {
            if (IsName(tokens[j]) && tokens[j + 1].Kind == SqlKind.Text && text[tokens[j].Start..tokens[j].End].SequenceEqual("program"u8)
                && (tokens.WordAt(j - 1) == SqlWord.From || text[tokens[j - 1].Start..tokens[j - 1].End].SequenceEqual("to"u8)))
            {
                return j + 1;
            }
        }

        return null;
    }

    /// <summary>The last token that proves a query at the <c>select</c> of an index, or null.</summary>
    public static int? IsSelect(in SqlTokens tokens, int i)
    {
        // In a text about queries a sentence goes on; in a fragment a query begins, or stands in parentheses.
        var before = tokens[i - 1];
        var isPlaced = i == 0 || before.Kind is SqlKind.Open or SqlKind.Semicolon or SqlKind.Text or SqlKind.Operator or SqlKind.Comparison
            or SqlKind.Logic
            || before.IsExecutable || before.Word is SqlWord.All or SqlWord.Union or SqlWord.Distinct or SqlWord.Not;
        if (!isPlaced || !IsSelectList(tokens, i + 1) || IsJoinedSource(tokens, i))
        {
            return null;
        }

        if (before.Kind == SqlKind.Open || tokens[i].AfterComment)
        {
            return i + 1;
        }

        // A list of plain names needs a target that is more than a word; anything else does not stand in a sentence.
        var isPlain = true;
        for (var j = i + 1; j < i + LongestList; j++)
        {
            var token = tokens[j];
            if (token.Word == SqlWord.From)
            {
                var target = tokens[j + 1];
                return target.Word is SqlWord.Catalog
                    || (target.Kind is SqlKind.Word or SqlKind.Open && (!isPlain
                    || tokens.WordAt(j + 2) is SqlWord.Where or SqlWord.Limit or SqlWord.Order or SqlWord.Union or SqlWord.Join
                    || tokens[j + 2].Kind is SqlKind.Comment or SqlKind.Semicolon or SqlKind.Close))
                    ? j + 1 : null;
            }

            if (token.Kind == SqlKind.End)
            {
                return !isPlain && i == 0 && j > i + 1 && tokens[i + 1].Kind is SqlKind.Number or SqlKind.Word && tokens.IsCall(i + 1) ? j - 1 : null;
            }

            isPlain &= token is { Kind: SqlKind.Word, Word: SqlWord.None };
        }

        return null;
    }

    /// <summary>Whether a list of columns begins there, which English would not.</summary>
    public static bool IsSelectList(in SqlTokens tokens, int i)
    {
        i = tokens.WordAt(i) is SqlWord.Distinct or SqlWord.All or SqlWord.Top ? i + 1 : i;
        var first = tokens[i];
        var next = tokens[i + 1];
        return first.Kind switch
        {
            SqlKind.Number or SqlKind.Text or SqlKind.Variable or SqlKind.Open => true,
            SqlKind.Operator => next.Word is not (SqlWord.Union or SqlWord.Select or SqlWord.Insert or SqlWord.Update or SqlWord.Delete
                or SqlWord.Drop),
            SqlKind.Word when first.Word is SqlWord.Null or SqlWord.Case or SqlWord.If => true,
            SqlKind.Word => next.Kind is SqlKind.Comma or SqlKind.Open or SqlKind.Logic or SqlKind.Operator
                || next.Word is SqlWord.From or SqlWord.As or SqlWord.Into,
            SqlKind.Comment => true,
            _ => false,
        };
    }

    // "select one from the list below": a source has an alias, and then a clause.
    private static bool IsSentence(in SqlTokens tokens, int i) => IsJoinedSource(tokens, i)
        || IsName(tokens[i + 1]) && tokens.WordAt(i + 2) == SqlWord.From
        && (IsName(tokens[i + 3]) || tokens.WordAt(i + 3) == SqlWord.All) && IsName(tokens[i + 4]) && (IsName(tokens[i + 5])
            || tokens[i + 5].Kind is SqlKind.Comma);

    // "select * from the menu and ...": nothing is asked of the source yet, so that no condition goes on.
    private static bool IsJoinedSource(in SqlTokens tokens, int i) => tokens[i + 1].Kind == SqlKind.Operator && tokens.WordAt(i + 2) == SqlWord.From
        && IsName(tokens[i + 3]) && IsName(tokens[i + 4]) && (IsName(tokens[i + 5]) || tokens[i + 5].Kind == SqlKind.Logic);

    // "select 'cancel' in settings": a list would follow.
    private static bool IsChoice(in SqlTokens tokens, int i) => tokens[i].Kind == SqlKind.Text
        && tokens.WordAt(i + 1) is SqlWord.In or SqlWord.From && IsName(tokens[i + 2])
            && (tokens.WordAt(i + 1) == SqlWord.In || IsName(tokens[i + 3]));

    private static bool IsName(in SqlToken token) => token is { Kind: SqlKind.Word, Word: SqlWord.None };

    private static bool IsClosed(in SqlTokens tokens, int i) => tokens.IsEnd(i) || tokens[i].Kind == SqlKind.Open || tokens[i].Kind == SqlKind.Comma
        || tokens.WordAt(i) is SqlWord.As or SqlWord.Drop or SqlWord.Alter or SqlWord.Procedure;
}
