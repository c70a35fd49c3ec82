using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Queries;

/// <summary>
/// Reads a text as what stands within a filter of LDAP: a parenthesis that closes what the text did not open, and then a condition of the sender's
/// own; or a filter that asks for anything (<c>(|(uid=*)...)</c>), or guesses at a password.
/// </summary>
internal static class LdapDetector
{
    private const int MostSkipped = 8;
    private const int LongestName = 64;
    private const int LongestKept = 1024;

    private static readonly SearchValues<byte> AttributeBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);
    private static readonly SearchValues<byte> RuleBytes = SearchValues.Create("0123456789."u8);

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        FindParentheses(text, hits);
        if (EndOfExtensibleMatch(text) is > 0 and var matched)
        {
            hits.Add(InjectionRules.LdapFilter, 0, matched);
        }

        if (text.IndexOf("\\28"u8) is >= 0 and var open && text.IndexOf("\\29"u8) is >= 0 and var close)
        {
            FindEscaped(text, Math.Min(open, close), hits);
        }
    }

    // Two digits behind a backslash are a sign of the value, and safe; where they were resolved once too often they are what they escaped. Values
    // with parentheses of their own have pairs of them.
    private static void FindEscaped(ReadOnlySpan<byte> text, int first, HitList hits)
    {
        hits.Steps += 2 * text.Length;
        var rented = text.Length <= LongestKept ? null : ArrayPool<byte>.Shared.Rent(text.Length);
        var plain = rented is null ? stackalloc byte[LongestKept] : rented;
        var (length, end) = (0, first);
        for (var at = 0; at < text.Length; length++)
        {
            var sign = text[at] == '\\' && at + 2 < text.Length ? Escaped(text[at + 1], text[at + 2]) : (byte)0;
            plain[length] = sign == 0 ? text[at] : sign;
            at += sign == 0 ? 1 : 3;
            end = sign == 0 ? end : at;
        }

        var before = hits.Hits.Count;
        FindParentheses(plain[..length], hits);
        hits.Cover(before, first, end);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    // "userPassword:2.5.13.18:=123": an attribute that is compared by a matching rule, named by its number, as a whole value.
    private static int EndOfExtensibleMatch(ReadOnlySpan<byte> text)
    {
        var head = text[..Math.Min(text.Length, LongestName)];
        var sign = head.IndexOf(":="u8);
        var colon = sign < 0 ? -1 : head[..sign].IndexOf((byte)':');
        return colon > 1 && AsciiByte.IsLetter(head[0]) && head[..colon].IndexOfAnyExcept(AttributeBytes) < 0
            && head[(colon + 1)..sign] is [>= (byte)'0' and <= (byte)'9', ..] rule && rule.Contains((byte)'.') && rule.IndexOfAnyExcept(RuleBytes) < 0
            ? sign + 2 : 0;
    }

    private static byte Escaped(byte high, byte low) => (high, low) switch
    {
        ((byte)'2', (byte)'8') => (byte)'(',
        ((byte)'2', (byte)'9') => (byte)')',
        ((byte)'2', (byte)'a') => (byte)'*',
        ((byte)'2', (byte)'6') => (byte)'&',
        ((byte)'7', (byte)'c') => (byte)'|',
        _ => 0,
    };

    private static void FindParentheses(ReadOnlySpan<byte> text, HitList hits)
    {
        if (text.IndexOf(")("u8) < 0 && text.IndexOf(") ("u8) < 0 && text.IndexOf(")  ("u8) < 0
            && text.IndexOf("*)"u8) < 0 && text.IndexOf("(&("u8) < 0 && text.IndexOf("*("u8) < 0)
        {
            return;
        }

        hits.Steps += text.Length;
        var (depth, inAny) = (0, 0);
        for (var at = 0; (at = Next(text, at)) >= 0; at++)
        {
            hits.Steps += MostSkipped;
            if (text[at] == '(')
            {
                depth++;
                inAny = inAny == 0 && text[at..].StartsWith("(|("u8) ? depth : inAny;
                JudgeCondition(text, at, inAny > 0 && depth > inAny, hits);
                continue;
            }

            inAny = depth == inAny ? 0 : inAny;
            if (--depth < 0)
            {
                (depth, inAny) = (0, 0);
                JudgeClose(text, at, hits);
            }
            else if (at >= 2 && text[at - 1] == '(' && text[at - 2] == '*' && !(at > 3 && text[at - 3] == '&' && text[at - 4] == '^'))
            {
                hits.Add(InjectionRules.LdapFilter, at - 2, at + 1);
            }
        }
    }

    private static int Next(ReadOnlySpan<byte> text, int at)
    {
        var found = text[at..].IndexOfAny((byte)'(', (byte)')');
        return found < 0 ? -1 : at + found;
    }

    private static void JudgeClose(ReadOnlySpan<byte> text, int at, HitList hits)
    {
        var next = at + 1;
        while (next < text.Length && next <= at + MostSkipped && text[next] is (byte)')' or (byte)' ')
        {
            next++;
        }

        var rest = text[next..];
        if (rest is [(byte)'(', ..])
        {
            var inner = rest[1..].TrimStart((byte)'(');
            var end = EndOfName(inner);
            var isGuess = inner.IsEmpty && at > 1 && text[at - 1] == '*' && !AsciiByte.IsDigit(text[at - 2]);
            if (isGuess || inner is [(byte)'&' or (byte)'|' or (byte)'!', ..]
                || (end > 0 && inner[end..] is [(byte)'=', not ((byte)'=' or (byte)'>'), ..] or [(byte)'='] or [(byte)'~' or (byte)'>' or (byte)'<',
                (byte)'=', ..]))
            {
                hits.Add(InjectionRules.LdapFilter, Math.Max(0, at - 1), next + 1);
            }
        }
        else if (rest.StartsWith("\0"u8) || rest.StartsWith("%00"u8) || rest.StartsWith("\\x00"u8)
            || (at > 0 && text[at - 1] == '*' && rest is [(byte)'&' or (byte)'|' or (byte)'!', ..] && next == at + 1))
        {
            hits.Add(InjectionRules.LdapFilter, Math.Max(0, at - 1), Math.Min(text.Length, next + 1));
        }
    }

    // "(uid=*)" asks for anything: an alternative that swallows the others. "(password=a*)" asks how a password begins.
    private static void JudgeCondition(ReadOnlySpan<byte> text, int at, bool isAlternative, HitList hits)
    {
        var inner = text[(at + 1)..];
        var end = EndOfName(inner);
        if (end == 0 || end >= inner.Length || inner[end] != '=')
        {
            return;
        }

        var value = inner.Slice(end + 1, Math.Min(LongestName, inner.Length - end - 1));
        hits.Steps += end + value.Length;
        var close = value.IndexOf((byte)')');
        value = close < 0 ? value : value[..close];
        var isConstant = inner[..end].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && at > 0 && text[at - 1] is (byte)'&' or (byte)'|';
        var isAnything = value is [(byte)'*'];
        if (isConstant && !value.IsEmpty || isAlternative && isAnything || (inner[..end].EndsWith("password"u8) && value.EndsWith("*"u8)))
        {
            hits.Add(InjectionRules.LdapFilter, at, at + 1 + end + 1 + value.Length);
        }
    }

    // The offset behind the description of an attribute, or 0.
    private static int EndOfName(ReadOnlySpan<byte> text)
    {
        var end = 0;
        while (end < text.Length && end < LongestName && (AsciiByte.IsAlphanumeric(text[end])
            || text[end] is (byte)'-' or (byte)'.' or (byte)';' or (byte)':'))
        {
            end++;
        }

        return end;
    }
}
