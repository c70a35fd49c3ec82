using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;

namespace LlmGuard.Plugins.InjectionProtection.Web.Queries;

/// <summary>
/// Reads a text as what stands within a string or a number of a query of a graph: a value that is closed, with the brackets of its pattern, and then
/// a clause of Cypher with what it needs. A query of the caller's own has its clause first, and closes nothing that it did not open.
/// </summary>
internal static class CypherDetector
{
    private const int LongestValue = 64;
    private const int LongestClause = 128;
    private const int LongestName = 48;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_."u8);

    private static readonly SearchValues<byte> ProgramSigns = SearchValues.Create("=({:,["u8);

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += LongestValue + (2 * LongestClause);
        var head = text[..Math.Min(text.Length, LongestValue)];
        var number = EndOfNumber(head);
        var quote = number > 0 ? -1 : head.IndexOfAny((byte)'\'', (byte)'"');
        var end = quote >= 0 ? quote + 1 : number;
        if (end <= 0 || (quote > 0 && !IsWithinValue(text[..quote])))
        {
            return;
        }

        var at = end;
        while (at < text.Length && at < end + LongestName && text[at] is (byte)' ' or (byte)')' or (byte)'}' or (byte)']' or (byte)'\n' or (byte)'\t')
        {
            at++;
        }

        if (at == end || at >= text.Length)
        {
            return;
        }

        var hasClosed = text[end..at].ContainsAny((byte)')', (byte)'}');
        var clause = Clause(text[at..Math.Min(text.Length, at + LongestClause)], hasClosed);
        if (clause == 0 && Condition(text, at) is > 0 and var behind)
        {
            at = behind;
            clause = Clause(text[at..Math.Min(text.Length, at + LongestClause)], hasClosed: false);
        }

        if (clause > 0)
        {
            hits.Add(InjectionRules.NoSqlCypher, end - 1, at + clause);
        }
    }

    // "7 union match": the end of a number that a text begins with.
    private static int EndOfNumber(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is > 0 and var end && text[end] is (byte)' ' or (byte)')' or (byte)'}' ? end : 0;

    // "bob", "o": what a quote ends at once, and not a text of a program's or a sentence's own.
    private static bool IsWithinValue(ReadOnlySpan<byte> value) => !value.ContainsAny(ProgramSigns) && value[^1] != ' ';

    // The length of a clause up to what proves it, or 0.
    private static int Clause(ReadOnlySpan<byte> text, bool hasClosed)
    {
        var end = EndOfName(text);
        var rest = text[end..].TrimStart(" \n\t"u8);
        return text[..end] switch
        {
            [(byte)'m', (byte)'a', (byte)'t', (byte)'c', (byte)'h'] or [(byte)'m', (byte)'e', (byte)'r', (byte)'g', (byte)'e']
                or [(byte)'c', (byte)'r', (byte)'e', (byte)'a', (byte)'t', (byte)'e'] => IsPattern(rest) ? end : 0,
            var word when word.SequenceEqual("optional"u8) => rest.StartsWith("match "u8) || rest.StartsWith("match("u8) ? end : 0,
            var word when word.SequenceEqual("detach"u8) => rest.StartsWith("delete "u8) && EndOfName(rest[7..]) > 0 ? end : 0,
            var word when word.SequenceEqual("load"u8) => rest.StartsWith("csv from "u8) || rest.StartsWith("csv with headers from "u8) ? end : 0,
            var word when word.SequenceEqual("call"u8) => IsProcedure(rest) ? end : 0,
            var word when word.SequenceEqual("union"u8) =>
                Clause(rest.StartsWith("all "u8) ? rest[4..] : rest, hasClosed: true) is > 0 and var next ? text.Length - rest.Length + next : 0,
            var word when word.SequenceEqual("with"u8) => AfterWith(rest) is > 0 and var next ? text.Length - rest.Length + next : 0,
            var word when word.SequenceEqual("unwind"u8) => hasClosed && rest.IndexOf(" as "u8) > 0 ? end : 0,
            var word when word.SequenceEqual("return"u8) => hasClosed && EndOfName(rest) > 0 && IsReturnEnd(rest[EndOfName(rest)..]) ? end : 0,
            var word when word.SequenceEqual("set"u8) || word.SequenceEqual("delete"u8) || word.SequenceEqual("remove"u8) =>
                hasClosed && IsProperty(rest, word[0] == 's') ? end : 0,
            _ => 0,
        };
    }

    // "(n:user)", "p=(a)", "(a)-[:x]->(b)": a node in parentheses, a name of it or a label, and no word of a sentence behind it.
    private static bool IsPattern(ReadOnlySpan<byte> text)
    {
        var name = EndOfName(text);
        text = name > 0 && text[name..].TrimStart((byte)' ') is [(byte)'=', ..] assigned ? assigned[1..].TrimStart((byte)' ') : text;
        if (text is not [(byte)'(', ..])
        {
            return false;
        }

        var inner = text[1..];
        inner = inner[EndOfName(inner)..].TrimStart((byte)' ');
        return inner is [(byte)')' or (byte)':' or (byte)'{', ..];
    }

    // "db.labels()", "apoc.load.json('...')".
    private static bool IsProcedure(ReadOnlySpan<byte> text)
    {
        var end = EndOfName(text);
        return end > 3 && end < text.Length && text[end] == '(' && text[..end].IndexOf((byte)'.') is > 0 and var dot && dot < end - 1;
    }

    // "with 1 as x call db.labels()": a name is given, and then a clause goes on.
    private static int AfterWith(ReadOnlySpan<byte> text)
    {
        var named = text.IndexOf(" as "u8);
        if (named <= 0 || named > LongestName)
        {
            return 0;
        }

        var name = text[(named + 4)..];
        var end = EndOfName(name);
        var rest = name[end..].TrimStart(" \n\t"u8);
        return end > 0 && Clause(rest, hasClosed: false) > 0 ? text.Length - rest.Length : 0;
    }

    // "n union", "n//", "n": the end of the query, or of this part of it.
    private static bool IsReturnEnd(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        return text.IsEmpty || text.StartsWith("//"u8) || text.StartsWith("union "u8) || text.StartsWith("as "u8) || text.StartsWith("limit "u8);
    }

    // "n.role = 'admin'", "n": a property that is set or removed, a node that is deleted.
    private static bool IsProperty(ReadOnlySpan<byte> text, bool isSet)
    {
        var end = EndOfName(text);
        var rest = text[end..].TrimStart((byte)' ');
        var isAssigned = text[..end].Contains((byte)'.') && rest is [(byte)'=', not (byte)'=', ..];
        return end > 0 && (isSet ? isAssigned : rest.IsEmpty || rest.StartsWith("//"u8));
    }

    // "or 1=1 with ...": the place behind a condition of constants, or 0.
    private static int Condition(ReadOnlySpan<byte> text, int at)
    {
        var rest = text[at..Math.Min(text.Length, at + LongestName)];
        var word = rest.StartsWith("or "u8) ? 3 : rest.StartsWith("and "u8) || rest.StartsWith("xor "u8) ? 4 : 0;
        if (word == 0)
        {
            return 0;
        }

        var sign = rest.IndexOf((byte)'=');
        var space = sign < 0 ? -1 : rest[(sign + 1)..].TrimStart((byte)' ').IndexOf((byte)' ');
        return space <= 0 ? 0 : at + rest.Length - rest[(sign + 1)..].TrimStart((byte)' ').Length + space + 1;
    }

    private static int EndOfName(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(NameBytes) is >= 0 and var end ? end : text.Length;
}
