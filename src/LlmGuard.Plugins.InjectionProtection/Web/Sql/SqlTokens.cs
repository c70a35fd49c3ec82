using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Web.Sql;

/// <summary>Questions about the tokens of a fragment of SQL; beyond the last token stands <see cref="SqlKind.End"/>.</summary>
internal readonly struct SqlTokens(List<SqlToken> tokens, bool isInText, HitList hits)
{
    /// <summary>Most parentheses or signs that are passed over at a place.</summary>
    private const int MostSkipped = 8;

    public int Count => tokens.Count;

    /// <summary>Whether the text was read as the inside of a string, so that the first token is the rest of that string.</summary>
    public bool IsInText => isInText;

    public SqlToken this[int index]
    {
        get
        {
            hits.Steps++;
            return (uint)index < (uint)tokens.Count ? tokens[index] : default;
        }
    }

    /// <summary>Counts steps that were taken in the text.</summary>
    public void Spend(int steps) => hits.Steps += steps;

    public SqlWord WordAt(int index) => this[index].Word;

    public bool IsEnd(int index) => this[index].Kind is SqlKind.End or SqlKind.Comment or SqlKind.Semicolon;

    /// <summary>Whether a value of the sender's own making stands there: a number, a string, a variable, null, true.</summary>
    public bool IsConstant(int index) => this[index]
        is { Kind: SqlKind.Number or SqlKind.Text or SqlKind.Variable } or { Kind: SqlKind.Word, Word: SqlWord.Null };

    public bool IsOperand(int index) => IsConstant(index)
        || this[index] is { Kind: SqlKind.Open } or { Kind: SqlKind.Word,
            Word: SqlWord.None or SqlWord.Binary or SqlWord.Case or SqlWord.If or SqlWord.Convert or SqlWord.Select or SqlWord.Table
                or >= SqlWord.DelayFunction };

    /// <summary>Whether a function with an argument list begins there.</summary>
    public bool IsCall(int index) => this[index].Kind == SqlKind.Word && this[index + 1].Kind == SqlKind.Open;

    /// <summary>The index behind opening parentheses, signs and <c>not</c>.</summary>
    public int SkipPrefix(int index)
    {
        for (var i = 0; i < MostSkipped && (this[index].Kind is SqlKind.Open or SqlKind.Operator
            || WordAt(index) is SqlWord.Not or SqlWord.Binary); i++)
        {
            index++;
        }

        return index;
    }

    /// <summary>Whether a sentence goes on there: three names in a row stand in no dialect, where a name has an alias at the most.</summary>
    public bool IsSentence(int index) => IsName(index) && IsName(index + 1) && IsName(index + 2);

    private bool IsName(int index) => this[index] is { Kind: SqlKind.Word, Word: SqlWord.None };

    public int SkipOpen(int index)
    {
        for (var i = 0; i < MostSkipped && this[index].Kind == SqlKind.Open; i++)
        {
            index++;
        }

        return index;
    }

    public int SkipClose(int index)
    {
        for (var i = 0; i < MostSkipped && this[index].Kind == SqlKind.Close; i++)
        {
            index++;
        }

        return index;
    }
}
