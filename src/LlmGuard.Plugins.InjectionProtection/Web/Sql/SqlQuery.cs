using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Web.Sql;

/// <summary>
/// Recognises a text that is one whole statement, as the argument of a tool that runs queries is: it begins as one, everything in it is closed, it
/// ends
/// where a statement may end, and no part of it compares what is known, waits, reads files, describes the database or is commented out. Nothing broke
/// out
/// of such a text.
/// </summary>
internal static class SqlQuery
{
    public static bool IsWhole(in SqlTokens tokens, ReadOnlySpan<byte> text)
    {
        var first = 0;
        while (first < tokens.Count && tokens[first].Kind == SqlKind.Comment && tokens[first].End < text.Length)
        {
            first++;
        }

        var verb = tokens.WordAt(first);
        var isWith = tokens[first] is { Kind: SqlKind.Word, Word: SqlWord.None } word && text[word.Start..word.End].SequenceEqual("with"u8);
        if (verb is not (SqlWord.Select or SqlWord.Insert or SqlWord.Update or SqlWord.Delete or SqlWord.Create) && !isWith
            || text.IndexOfAnyInRange((byte)0, (byte)8) >= 0)
        {
            return false;
        }

        if (IsProbe(tokens, first))
        {
            return true;
        }

        var (depth, hasSource, hasCondition, hasValues, isBetween) = (0, false, false, false, false);
        var last = tokens.Count - 1;
        last -= last > first && tokens[last].Kind == SqlKind.Comment && IsRemark(text[tokens[last].Start..tokens[last].End]) ? 1 : 0;
        for (var i = first; i <= last; i++)
        {
            var token = tokens[i];
            depth += token.Kind switch { SqlKind.Open => 1, SqlKind.Close => -1, _ => 0 };
            if (depth < 0 || token.IsOpen || token.IsExecutable || (token.AfterComment && i > first) || IsGlued(tokens, i)
                || !IsOrdinary(tokens, i, last, text, isBetween, isWith))
            {
                return false;
            }

            hasSource |= token.Word == SqlWord.From && (tokens[i + 1].Kind is SqlKind.Word or SqlKind.Open or SqlKind.Text
                || (tokens[i + 1].Kind == SqlKind.Other && text[tokens[i + 1].Start] == '['));
            hasCondition |= token.Word == SqlWord.Where;
            hasValues |= token.Word is SqlWord.Values or SqlWord.Select && i > first;
            isBetween = token.Word == SqlWord.Between || (isBetween && token.Kind != SqlKind.Logic);
        }

        return depth == 0 && Ends(tokens, last) && verb switch
        {
            SqlWord.Create => (tokens.WordAt(first + 1) == SqlWord.Table && tokens[first + 2].Kind == SqlKind.Word
                && tokens[first + 3].Kind == SqlKind.Open) || (hasSource && IsNamed(tokens, first + 1, text, "view"u8)),
            SqlWord.Insert => tokens.WordAt(first + 1) == SqlWord.Into && hasValues,
            SqlWord.Update => tokens.WordAt(first + 2) == SqlWord.Set && hasCondition,
            SqlWord.Delete => hasSource && hasCondition,
            _ => hasSource,
        };
    }

    // "create view v as", "create or replace view v as".
    private static bool IsNamed(in SqlTokens tokens, int i, ReadOnlySpan<byte> text, ReadOnlySpan<byte> kind)
    {
        i += tokens[i].Kind == SqlKind.Logic ? 2 : 0;
        return tokens[i] is { Kind: SqlKind.Word } word && text[word.Start..word.End].SequenceEqual(kind)
            && tokens[i + 1] is { Kind: SqlKind.Word, Word: SqlWord.None } && tokens.WordAt(i + 2) == SqlWord.As;
    }

    // "select 1", "select now()": whether anybody is there.
    // "select-1e1from t": a clause that hangs on a number, which databases part and nobody writes who has nothing to hide.
    private static bool IsGlued(in SqlTokens tokens, int i) => tokens[i] is { Kind: SqlKind.Word, Word: not SqlWord.None } clause
        && tokens[i - 1] is { Kind: SqlKind.Number } number && number.End == clause.Start;

    private static bool IsProbe(in SqlTokens tokens, int first)
    {
        var isTime = tokens[first + 1] is { Kind: SqlKind.Word, Word: SqlWord.None } && tokens[first + 2].Kind == SqlKind.Open
            && tokens[first + 3].Kind == SqlKind.Close;
        var end = first + (isTime ? 4 : 2);
        end += tokens[end].Kind == SqlKind.Semicolon ? 1 : 0;
        return tokens.WordAt(first) == SqlWord.Select && end == tokens.Count && (isTime || tokens[first + 1] is { Kind: SqlKind.Number } number
            && number.End - number.Start == 1);
    }

    // Words, where an attack only cuts off what follows.
    private static bool IsRemark(ReadOnlySpan<byte> comment) => comment.TrimStart("-#/* "u8) is { Length: > 2 } words
        && words[0] is >= (byte)'a' and <= (byte)'z' && words.IndexOfAny("'\";="u8) < 0;

    private static bool IsOrdinary(in SqlTokens tokens, int i, int last, ReadOnlySpan<byte> text, bool isBetween, bool isWith)
    {
        var token = tokens[i];
        switch (token.Kind)
        {
            case SqlKind.Comment:
                return false;
            case SqlKind.Other:
                // "$1", "?" and ":name" are parameters; "$name", "${name}" and "{{ name }}" are those of who made the query.
                return text[token.Start] switch
                {
                    (byte)'$' => tokens[i + 1].Start == token.End && (tokens[i + 1].Kind is SqlKind.Number or SqlKind.Word
                        || text[token.End..] is [(byte)'{', ..]),
                    (byte)'{' => tokens[i + 1] is { Kind: SqlKind.Word, Word: SqlWord.None } || text[token.End..] is [(byte)'{', ..],
                    (byte)'[' => tokens[i + 1] is { Kind: SqlKind.Word or SqlKind.Text or SqlKind.Number },
                    (byte)']' => tokens[i - 1] is { Kind: SqlKind.Word or SqlKind.Text or SqlKind.Number },
                    (byte)'.' => tokens[i - 1].End == token.Start && tokens[i + 1].Start == token.End,
                    (byte)'}' => tokens[i - 1] is { Kind: SqlKind.Word, Word: SqlWord.None } || text[token.Start - 1] == '}',
                    (byte)':' => tokens[i + 1].Kind is SqlKind.Word or SqlKind.Number && tokens[i + 1].Start == token.End,
                    (byte)'?' => tokens[i - 1].Kind is SqlKind.Comparison or SqlKind.Comma or SqlKind.Open || tokens[i - 1].Word != SqlWord.None,
                    _ => false,
                };
            case SqlKind.Semicolon:
                return i == last;
            case SqlKind.Variable:
                return !text[token.Start..token.End].StartsWith("@@"u8);
            case SqlKind.Logic:
                // "between 1 and 5" is no condition of its own; one that begins with a constant has nothing to ask for.
                return isBetween || (!tokens.IsConstant(tokens.SkipPrefix(i + 1)) && !IsItself(tokens, i + 1, text));
            default:
                break;
        }

        if (token.Kind == SqlKind.Word && text[token.Start..token.End] is var name && (name.IndexOf(".."u8) >= 0 || name.StartsWith("pg_"u8)
            || (name.StartsWith("ch"u8) && token.Word == SqlWord.TextFunction && tokens[i + 2].Kind == SqlKind.Number)))
        {
            // What describes the database, and letters by their numbers.
            return false;
        }

        return token.Word switch
        {
            SqlWord.DelayFunction or SqlWord.DangerousFunction or SqlWord.Catalog or SqlWord.Outfile or SqlWord.Waitfor or SqlWord.Exec
                or SqlWord.Declare
                or SqlWord.Shutdown or SqlWord.Drop or SqlWord.Truncate or SqlWord.Alter or SqlWord.Grant or SqlWord.Load
                    or SqlWord.Procedure => false,
            SqlWord.Where or SqlWord.Having => !tokens.IsConstant(tokens.SkipPrefix(i + 1)) && !IsItself(tokens, i + 1, text),

            // Lists of constants are counted columns and marks to find again.
            SqlWord.Select when i > 2 && tokens[i - 1].Kind == SqlKind.Open && tokens.WordAt(i + 2) == SqlWord.From
                && tokens[i - 2] is { Kind: SqlKind.Word, Word: SqlWord.None } word
                && text[word.Start..word.End].SequenceEqual("exists"u8) => true,
            SqlWord.Select when isWith && tokens[i + 1].Kind == SqlKind.Number && tokens.WordAt(i + 2) == SqlWord.As => true,
            SqlWord.Select => (tokens[i + 1].Kind is SqlKind.Word or SqlKind.Operator || (tokens[i + 1].Kind == SqlKind.Text
                && text[tokens[i + 1].Start] != '\''))
                && tokens.WordAt(i + 1) is not SqlWord.Null,
            _ => true,
        };
    }

    private static bool IsItself(in SqlTokens tokens, int left, ReadOnlySpan<byte> text) =>
        tokens[left].Kind == SqlKind.Word && tokens[left + 1].Kind == SqlKind.Comparison && tokens[left + 2].Kind == SqlKind.Word
        && text[tokens[left].Start..tokens[left].End].SequenceEqual(text[tokens[left + 2].Start..tokens[left + 2].End]);

    private static bool Ends(in SqlTokens tokens, int last)
    {
        last -= tokens[last].Kind == SqlKind.Semicolon ? 1 : 0;
        return (tokens[last].Kind == SqlKind.Other && last > 0)
            || tokens[last] is { Kind: SqlKind.Number or SqlKind.Text or SqlKind.Close or SqlKind.Variable }
            or { Kind: SqlKind.Word, Word: SqlWord.None or SqlWord.Asc or SqlWord.Null or SqlWord.TextFunction or SqlWord.Table };
    }
}
