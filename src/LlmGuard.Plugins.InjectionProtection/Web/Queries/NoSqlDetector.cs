using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Queries;

/// <summary>
/// Looks for operators of document databases where a key stands (in an object, in the brackets of a form's name), and for strings that are closed and
/// go
/// on with a program of such a database.
/// </summary>
internal static class NoSqlDetector
{
    private const int LongestOperator = 16;
    private const int MostBlanks = 16;
    private const int LongestField = 48;

    private static readonly SearchValues<byte> Quotes = SearchValues.Create("'\""u8);

    // Operators of conditions and of code; those that only shape an answer or name a type ($ref, $schema, $type, $set) are none.
    private static readonly WordTable<bool> Operators = new(
        ("ne eq gt gte lt lte in nin or and nor not exists regex where expr elemmatch all size mod function func accumulator lookup", true));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += 2 * text.Length;
        for (var at = 0; text[at..].IndexOf((byte)'$') is >= 0 and var found; at++)
        {
            at += found;
            if (EndOfKey(text, at, hits) is > 0 and var end)
            {
                hits.Add(InjectionRules.NoSqlOperator, at, end);
            }
        }

        if (EndOfValue(text) is > 0 and var ended)
        {
            hits.Add(InjectionRules.NoSqlScript, 0, ended);
        }

        for (var at = 0; text[at..].IndexOfAny(Quotes) is >= 0 and var found; at++)
        {
            at += found;
            if (EndOfProgram(text, at, hits) is > 0 and var end)
            {
                hits.Add(InjectionRules.NoSqlScript, at, end);
            }
        }
    }

    // "0;var d=new Date();do{...": a value that ends at once, and statements of a script.
    private static int EndOfValue(ReadOnlySpan<byte> text)
    {
        var end = text[..Math.Min(text.Length, MostBlanks)].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (end <= 0 || text[end] != ';')
        {
            return 0;
        }

        var rest = text[SkipBlanks(text, end + 1)..];
        return rest.StartsWith("var "u8) && rest.Contains((byte)'=') || rest.StartsWith("return "u8) || rest.StartsWith("return("u8)
            || rest.StartsWith("while("u8) || rest.StartsWith("do{"u8) || rest.StartsWith("for(;"u8) ? end + 1 : 0;
    }

    private static int EndOfKey(ReadOnlySpan<byte> text, int at, HitList hits)
    {
        var end = at + 1;
        while (end < text.Length && end - at < LongestOperator && text[end] is >= (byte)'a' and <= (byte)'z')
        {
            end++;
        }

        if (end - at < 3 || !Operators.Contains(text[(at + 1)..end]))
        {
            return 0;
        }

        hits.Steps += (2 * MostBlanks) + LongestField;
        if (at > 0 && text[at - 1] == '[')
        {
            return end < text.Length && text[end] == ']' && !IsFieldOfForm(text, at - 1, text[(at + 1)..end], text[(end + 1)..]) ? end : 0;
        }

        var quote = at > 0 && text[at - 1] is (byte)'"' or (byte)'\'' ? text[at - 1] : (byte)0;
        var key = quote != 0 ? at - 1 : at;
        var isClosed = quote == 0 || (end < text.Length && text[end] == quote);
        var after = SkipBlanks(text, quote != 0 && isClosed ? end + 1 : end);
        var before = key - 1;
        while (before >= 0 && key - before <= MostBlanks && text[before] <= ' ')
        {
            before--;
        }

        return isClosed && after < text.Length && text[after] == ':' && !IsRange(text[(at + 1)..end], text[SkipBlanks(text, after + 1)..])
            && !IsList(text[(at + 1)..end], text[SkipBlanks(text, after + 1)..])
            && !IsFilter(text, key, text[(at + 1)..end], text[SkipBlanks(text, after + 1)..]) && (before < 0
            || text[before] is (byte)'{' or (byte)',') ? end : 0;
    }

    // What a login or a secret is compared with; elsewhere "$exists" and a list of values ask for what honest queries do.
    private static readonly WordTable<bool> Secrets =
        new(("user username login pass password passwd pwd secret token key apikey api_key pin otp code", true));

    // "price[$gte]=10", "filter[status][$ne]=old": the name before the brackets of the operator, and a value that is not quoted.
    private static bool IsFieldOfForm(ReadOnlySpan<byte> text, int bracket, ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest)
    {
        var before = text[Math.Max(0, bracket - LongestField)..bracket].TrimEnd("[]"u8);
        var field = before[(before.LastIndexOfAny("[&?; "u8) + 1)..];
        if (!IsAsked(field, name) || rest is not [(byte)'=', _, ..])
        {
            return false;
        }

        var value = rest[1];
        return name.Length switch
        {
            2 when name.SequenceEqual("eq"u8) => true,
            2 when name.SequenceEqual("ne"u8) => rest is [_, >= (byte)'a' and <= (byte)'z', not (byte)'&', not (byte)'&', ..]
                && !rest.StartsWith("=null"u8),
            2 or 3 when name[0] is (byte)'g' or (byte)'l' && name[1] == 't' => AsciiByte.IsDigit(value) && (value != '0' || name[0] == 'l'),
            _ => false,
        };
    }

    // Whom a login is about: whoever differs from one value is everybody.
    private static readonly WordTable<bool> Identities = new(("email mail e-mail userid user_id account phone mobile session", true));

    private static bool IsAsked(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) =>
        !field.IsEmpty && !Secrets.Contains(field) && !(name is [(byte)'n', ..] && Identities.Contains(field));

    // {"status": {"$in": ["a", "b"]}}: the field before the object that the operator is in, perhaps behind another operator.
    private static bool IsFilter(ReadOnlySpan<byte> text, int key, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var before = text[Math.Max(0, key - LongestField)..key].TrimEnd(" \r\n\t"u8);
        if (before is [.., (byte)','] && before.LastIndexOf((byte)'{') is >= 0 and var open && before[open..].IndexOf((byte)'}') < 0)
        {
            before = before[..(open + 1)];
        }

        before = before is [.., (byte)'{'] ? before[..^1].TrimEnd(" \r\n\t"u8) : [];
        before = before is [.., (byte)':'] ? before[..^1].TrimEnd(" \r\n\t"u8) : [];
        if (before is not [.., (byte)'"'])
        {
            return false;
        }

        before = before[..^1];
        var field = before[(before.LastIndexOf((byte)'"') + 1)..];
        return IsAsked(field, name) && (Narrows(name, value) || (!Identities.Contains(field) && !field.EndsWith("id"u8) && Excludes(name, value)));
    }

    // What has a value at all, or more than none: of a field by which nobody is known.
    private static bool Excludes(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => name.SequenceEqual("ne"u8) ? value.StartsWith("null"u8)
        : name is [(byte)'g', (byte)'t', ..] && value is [(byte)'0', (byte)'}' or (byte)',' or (byte)' ' or (byte)'.', ..];

    // What leaves some out: a bound, a list, a pattern with a letter in it. Anything but nothing is everything.
    private static bool Narrows(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var isConstant = value is [(>= (byte)'0' and <= (byte)'9'), ..] or [(byte)'"', not (byte)'"', ..];
        var isObject = value is [(byte)'{', ..];
        isConstant |= isObject && value[1..].TrimStart((byte)' ') is var typed && (typed.StartsWith("\"$date\""u8) || typed.StartsWith("\"$oid\""u8));
        return name.Length switch
        {
            2 when name.SequenceEqual("in"u8) => value is [(byte)'[', (byte)'"' or (>= (byte)'0' and <= (byte)'9'), ..],
            2 when name.SequenceEqual("eq"u8) => isConstant,

            // Anything but one state; what is short or a number is only there to differ.
            2 when name.SequenceEqual("ne"u8) => value is [(byte)'"', >= (byte)'0' and not (byte)'"', not (byte)'"', not (byte)'"', ..]
                || value.StartsWith("true"u8) || value.StartsWith("false"u8),
            3 when name.SequenceEqual("nin"u8) => value is [(byte)'[', (byte)'"', not (byte)'"', ..],

            // What stands in an object is judged by itself.
            3 when name.SequenceEqual("not"u8) => isObject,
            9 when name.SequenceEqual("elemmatch"u8) => isObject,
            2 or 3 when name[0] is (byte)'g' or (byte)'l' && name[1] == 't' => isConstant && (value[0] != '0' || name[0] == 'l'
                || value[1..].TrimStart(", "u8).StartsWith("\"$lt"u8)),
            3 when name.SequenceEqual("all"u8) => value is [(byte)'[', (byte)'"' or (>= (byte)'0' and <= (byte)'9'), ..],
            4 when name.SequenceEqual("size"u8) => isConstant,
            5 when name.SequenceEqual("regex"u8) => value.TrimStart("\"^"u8)
                is [(>= (byte)'a' and <= (byte)'z'), (>= (byte)'a' and <= (byte)'z'), ..],
            6 when name.SequenceEqual("exists"u8) => value.StartsWith("true"u8) || value.StartsWith("false"u8),
            _ => false,
        };
    }

    // {"$and": [{"a": 1}, ...]}: conditions on fields; what stands in them is judged by itself.
    private static bool IsList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("expr"u8))
        {
            return value is [(byte)'{', ..];
        }

        if (name is [(byte)'g' or (byte)'l' or (byte)'e' or (byte)'n', ..] && value.StartsWith("[\"$"u8))
        {
            // Fields of one document that are compared with each other.
            return true;
        }

        if (!name.SequenceEqual("and"u8) && !name.SequenceEqual("or"u8) || value is not [(byte)'[', ..])
        {
            return false;
        }

        value = value[1..Math.Min(value.Length, LongestField)].TrimStart((byte)' ');
        value = value is [(byte)'{', ..] ? value[1..].TrimStart((byte)' ') : [];
        var end = value is [(byte)'"', ..] ? value[1..].IndexOf((byte)'"') : -1;
        return end > 0 && !Secrets.Contains(value[1..(end + 1)]) && AsciiByte.IsLetter(value[1]);
    }

    // "age": {"$gt": 21} asks for a range as honest queries do; to match everything a bound is empty, zero or negative.
    private static bool IsRange(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        name is [(byte)'g' or (byte)'l', (byte)'t', ..] && value is [>= (byte)'1' and <= (byte)'9', ..];

    // "'; return ...", "' || this.x", "'}; db.users.find()".
    private static int EndOfProgram(ReadOnlySpan<byte> text, int quote, HitList hits)
    {
        var at = quote + 1;
        var signs = 0;
        while (at < text.Length && at - quote < MostBlanks
            && text[at] is (byte)' ' or (byte)'+' or (byte)';' or (byte)'|' or (byte)'&' or (byte)')' or (byte)'}')
        {
            signs += text[at] is (byte)';' or (byte)'|' or (byte)'&' ? 1 : 0;
            at++;
        }

        hits.Steps += at - quote;
        var rest = text[at..];
        var isConditions = text[quote..at].IndexOfAny((byte)'|', (byte)'&') >= 0;
        return signs > 0 && (rest.StartsWith("this."u8) || rest.StartsWith("db."u8)
            || (!isConditions && (rest.StartsWith("return "u8) && IsOpen(text, quote) || rest.StartsWith("return("u8) && IsOpen(text, quote)
            || rest.StartsWith("while("u8) && IsOpen(text, quote)))
            || (rest.StartsWith("sleep("u8) && rest.Contains((byte)')'))) && (text[quote] == '\'' || IsOpen(text, quote))
            && IsShallow(text, quote) ? at : 0;
    }

    // The quote closes what the text was put into: it is the first one in it.
    private static bool IsOpen(ReadOnlySpan<byte> text, int quote) => quote < 64 && text[..quote].IndexOf(text[quote]) < 0;

    // Programs hold such sequences anywhere; a value that breaks out does it soon.
    private static bool IsShallow(ReadOnlySpan<byte> text, int quote) => quote < 64 && text[..quote].IndexOf((byte)'\n') < 0;

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        var most = Math.Min(text.Length, at + MostBlanks);
        while (at < most && text[at] <= ' ')
        {
            at++;
        }

        return at;
    }
}
