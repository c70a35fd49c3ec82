using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Web.Sql;

/// <summary>
/// Looks for SQL in a text as it stands, and as the inside of a string of either quote, in the dialects of the policy. For one thread at a time.
/// </summary>
internal sealed class SqlDetector(SqlDialects dialects)
{
    // No fragment of SQL does without one of these.
    private static readonly SearchValues<byte> Signs = SearchValues.Create("'\"`=<>(;#*|&@^,!"u8);
    private static readonly SearchValues<byte> DialectSigns = SearchValues.Create("#\\[$!"u8);

    // To the others a back-tick is an error, and nothing runs.
    private const SqlDialects BackTicked = SqlDialects.Generic | SqlDialects.MySql | SqlDialects.Sqlite;

    private readonly List<SqlToken> _tokens = [];

    public void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        if (text.IndexOfAny(Signs) < 0 && text.IndexOf("select"u8) < 0 && text.IndexOf("--"u8) < 0 && text.IndexOf("drop "u8) < 0
            && text.IndexOf(" by "u8) < 0 && text.IndexOf("waitfor"u8) < 0 && text.IndexOf("delete"u8) < 0 && text.IndexOf("union"u8) < 0
            && text.IndexOf(" between "u8) < 0
            && text.IndexOf("from "u8) < 0)
        {
            return;
        }

        // Dialects differ only where one of these stands.
        var isPlain = text.IndexOfAny(DialectSigns) < 0 && !MayNest(text);
        var rest = isPlain && text.Contains((byte)'`') ? dialects & BackTicked : isPlain ? dialects & (SqlDialects)(-(int)dialects) : dialects;
        rest = rest == 0 ? dialects : rest;
        for (var found = hits.Hits.Count; rest != 0 && hits.Hits.Count == found; rest &= rest - 1)
        {
            FindIn(text, rest & (SqlDialects)(-(int)rest), hits);
        }
    }

    /// <summary>Whether a value is one whole query, which broke out of nothing.</summary>
    public bool IsQuery(ReadOnlySpan<byte> value, HitList hits) => IsWhole(value, dialects & (SqlDialects)(-(int)dialects), hits);

    // A comment that begins behind another one, which stands within it or not.
    private static bool MayNest(ReadOnlySpan<byte> text) =>
        text.IndexOf("/*"u8) is >= 0 and var first && text[(first + 2)..].IndexOf("/*"u8) >= 0;

    private void FindIn(ReadOnlySpan<byte> text, SqlDialects dialect, HitList hits)
    {
        // A whole query that is a value of an object or quoted in a sentence stands there for itself, and what is around it for itself.
        if (text.IndexOf("\"select "u8) is > 0 and var quote && (text[0] == '{' || IsRemark(text[..quote]))
            && text[(quote + 1)..].IndexOf((byte)'"') is > 0 and var length
            && IsWhole(text.Slice(quote + 1, length), dialect, hits))
        {
            JudgeAll(text[..quote], dialect, hits);
            var first = hits.Hits.Count;
            JudgeAll(text[(quote + length + 2)..], dialect, hits);
            hits.Move(first, quote + length + 2);
            return;
        }

        JudgeAll(text, dialect, hits);
    }

    // Words, and nothing that closes anything.
    private static bool IsRemark(ReadOnlySpan<byte> before) => (before is [.., not (byte)' ', (byte)' '] || IsCallee(before))
        && !before.ContainsAny((byte)'\'', (byte)'"');

    // "cursor.execute(": a program that is given the query.
    private static bool IsCallee(ReadOnlySpan<byte> before) => before is [.., >= (byte)'a' and <= (byte)'z', (byte)'('];

    private void JudgeAll(ReadOnlySpan<byte> text, SqlDialects dialect, HitList hits)
    {
        if (!Judge(text, 0, dialect, hits))
        {
            return;
        }

        if (text.Contains((byte)'\''))
        {
            Judge(text, (byte)'\'', dialect, hits);
        }

        if (text.Contains((byte)'"'))
        {
            Judge(text, (byte)'"', dialect, hits);
        }
    }

    private bool IsWhole(ReadOnlySpan<byte> query, SqlDialects dialect, HitList hits)
    {
        new SqlLexer(query, dialect).ReadAll(0, _tokens);
        hits.Steps += query.Length;
        return SqlQuery.IsWhole(new SqlTokens(_tokens, false, hits), query);
    }

    // Whether the text may still be a fragment in other readings.
    private bool Judge(ReadOnlySpan<byte> text, byte quote, SqlDialects dialect, HitList hits)
    {
        new SqlLexer(text, dialect).ReadAll(quote, _tokens);
        hits.Steps += text.Length;
        var tokens = new SqlTokens(_tokens, quote != 0, hits);
        if (quote == 0 && SqlQuery.IsWhole(tokens, text))
        {
            return false;
        }

        SqlStructure.Judge(tokens, text, hits);
        return true;
    }
}
