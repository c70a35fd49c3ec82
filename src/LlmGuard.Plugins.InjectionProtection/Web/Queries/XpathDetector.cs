using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Queries;

/// <summary>
/// Reads a text as what stands within a predicate of XPath: a bracket that closes what the text did not open and goes on with a path, conditions on
/// nodes, functions of absolute paths, and axes.
/// </summary>
internal static class XpathDetector
{
    private static readonly System.Buffers.SearchValues<byte> OtherSigns = System.Buffers.SearchValues.Create("|%;<>&\0"u8);

    private const int MostBlanks = 8;
    private const int LongestPath = 256;

    private enum Sign
    {
        Axis,

        /// <summary>A function whose argument begins at the root.</summary>
        Call,

        /// <summary>A function without arguments, which is a condition only in a path.</summary>
        Node,

        /// <summary>The end of a predicate behind a string or a call.</summary>
        Close,

        /// <summary>Steps from anywhere.</summary>
        Anywhere,
    }

    private static readonly LiteralSet<Sign> Signs = new(
        (["ancestor::", "ancestor-or-self::", "descendant::", "descendant-or-self::", "child::", "parent::", "following::", "following-sibling::",
            "preceding::", "preceding-sibling::", "attribute::", "self::"], Sign.Axis),
        (["count(/", "name(/", "length(/", "substring(/", "contains(/", "starts-with(/", "string(/", "sum(/", "namespace-uri(/", "not(/",
            "boolean(/"], Sign.Call),
        (["position()", "last()", "name()", "text()", "node()", "true()"], Sign.Node),
        (["']", "\"]", ")]", "'/]"], Sign.Close),
        (["//", "@*", "/*/*"], Sign.Anywhere),
        (["codepoints-to-string(", "doc-available(", "doc('http", "doc(\"http", "document('')/", "document(\"\")/", "count(parent::"], Sign.Call));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        if (XpathQuery.IsWhole(text))
        {
            return;
        }

        var (depth, read) = (0, 0);
        for (var at = 0; (at = Signs.Find(text, at, out var length, out var sign)) >= 0; at += length)
        {
            var end = at + length;
            hits.Steps += length + MostBlanks;
            if (sign == Sign.Close)
            {
                hits.Steps += end - read;
                depth = Math.Max(0, depth) + text[read..(end - 1)].Count((byte)'[') - text[read..end].Count((byte)']');
                read = end;
            }

            if (IsAt(text, at, end, sign, depth))
            {
                hits.Add(InjectionRules.XpathExpression, at, end);
            }
        }
    }

    private static bool IsAt(ReadOnlySpan<byte> text, int at, int end, Sign sign, int depth)
    {
        var rest = text[end..];
        var next = SkipBlanks(rest);
        switch (sign)
        {
            case Sign.Axis:
                // Programs name their base with the same sign.
                return rest is [(byte)'*', ..] || rest.StartsWith("node("u8) || rest.StartsWith("text("u8) || (at > 0 && text[at - 1] == '/'
                    && rest is [>= (byte)'a' and <= (byte)'z', ..]);
            case Sign.Call:
                return text[end - 1] != '/' || rest is [(byte)'/', (>= (byte)'a' and <= (byte)'z') or (byte)'*', ..] or [(byte)'*',
                    (byte)'[' or (byte)')' or (byte)'/', ..] || rest.StartsWith("child::"u8);
            case Sign.Node:
                return (at > 0 && text[at - 1] == '/') || IsBehindLogic(text, at) || (text[at] is (byte)'p' && next < rest.Length
                    && rest[next] is (byte)'=' or (byte)'<' or (byte)'>')
                    || (text[at] is (byte)'t' or (byte)'n' && next + 1 < rest.Length && rest[next] == '='
                    && rest[next + 1] is (byte)'\'' or (byte)'"');
            case Sign.Close:
                return depth < 0 && next < rest.Length && (rest[next] == '|' || (next == 0 && rest[0] == '/'));
            default:
                return text[at] == '@' ? rest is [(byte)'|', ..] or [(byte)']', ..] : IsPath(text, at, rest);
        }
    }

    // "//user[", "//*[", "//*" alone, "| //password", "/*/*[1]".
    private static bool IsPath(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> rest)
    {
        if (at > 0 && text[at - 1] is not ((byte)' ' or (byte)'\'' or (byte)'"' or (byte)'|' or (byte)'(' or (byte)'['))
        {
            return false;
        }

        var name = 0;
        while (name < rest.Length && name < 32 && (AsciiByte.IsAlphanumeric(rest[name])
            || rest[name] is (byte)'*' or (byte)'-' or (byte)'_' or (byte)':'))
        {
            name++;
        }

        if ((at == 0 && IsWholePath(text)) || IsWholeString(text, at))
        {
            return false;
        }

        var isAlternative = text[..at].TrimEnd((byte)' ').EndsWith("|"u8) && !text[..at].TrimEnd((byte)' ').EndsWith("||"u8);
        return text[at + 1] == '*' ? rest is [(byte)'[', ..]
            : name > 0 && name < rest.Length && rest[name] == '[' || (name > 0 && isAlternative) || (at == 0
            && rest is [(byte)'*'] or [(byte)'*', (byte)'[' or (byte)'|', ..]);
    }

    // {"xpath": "//a[@id='x']/b"}.
    private static bool IsWholeString(ReadOnlySpan<byte> text, int at) => at > 0 && text[at - 1] == '"'
        && text.Slice(at, Math.Min(LongestPath, text.Length - at)).IndexOf((byte)'"') is > 0 and var length
            && XpathQuery.IsWhole(text.Slice(at, length));

    // A path as it is given to tools that read pages: each predicate compares an attribute, and nothing is joined, counted or left open.
    private static bool IsWholePath(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, LongestPath + 1)];
        var places = 0;
        for (var digit = (byte)'0'; digit <= (byte)'9'; digit++)
        {
            places += text.Count([(byte)'[', digit, (byte)']']);
        }

        if (IsQuestion(text))
        {
            return true;
        }

        var conditions = text.Count((byte)'[') - places;
        return text.Length <= LongestPath && conditions + places > 0 && text.Count("[@"u8) == conditions
            && text.Count((byte)']') == conditions + places && text.Count((byte)'=') == conditions
            && (text.Count((byte)'\'') == 2 * conditions || text.Count((byte)'"') == 2 * conditions) && text.IndexOfAny("|(*"u8) < 0
            && text.IndexOf(" or "u8) < 0 && text.IndexOf(" and "u8) < 0;
    }

    // Names and predicates on attributes, everything closed, no alternatives and nothing about the names and numbers of nodes.
    private static bool IsQuestion(ReadOnlySpan<byte> text)
    {
        var quotes = (text.Count((byte)'\''), text.Count((byte)'"'));
        return text.Length <= LongestPath && text.Contains((byte)'@') && quotes.Item1 % 2 == 0 && quotes.Item2 % 2 == 0
            && text.Count((byte)'[') == text.Count((byte)']') && text.Count((byte)'(') == text.Count((byte)')') && text[^1] != '\''
            && text.IndexOf(" or "u8) < 0 && text.IndexOfAny(OtherSigns) < 0 && text.IndexOf("name("u8) < 0 && text.IndexOf("count("u8) < 0
            && text.IndexOf("length("u8) < 0 && text.IndexOf("substring"u8) < 0 && text.IndexOf("::"u8) < 0 && text.IndexOf("pass"u8) < 0
            && text.Count((byte)'*') == text.Count("//*[@"u8);
    }

    private static bool IsBehindLogic(ReadOnlySpan<byte> text, int at)
    {
        var before = text[Math.Max(0, at - MostBlanks)..at].TrimEnd(" +"u8);
        return before.Length < Math.Min(at, MostBlanks) && (before.EndsWith(" or"u8) || before.EndsWith(" and"u8) || before.EndsWith("+or"u8)
            || before.EndsWith("'or"u8) || before.EndsWith("'and"u8));
    }

    private static int SkipBlanks(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length && at < MostBlanks && text[at] is (byte)' ' or (byte)'+')
        {
            at++;
        }

        return at;
    }
}
