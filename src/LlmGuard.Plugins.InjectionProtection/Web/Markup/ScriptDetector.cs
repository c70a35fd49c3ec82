using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>Looks for expressions of JavaScript that a value has no reason to hold, and addresses that run script.</summary>
internal static class ScriptDetector
{
    private static readonly SearchValues<byte> BreakSigns = SearchValues.Create("\"'`;>}{=(+"u8);

    private const int LongestName = 24;
    private const int LongestMember = 96;

    private static readonly SearchValues<byte> MarkupSigns = SearchValues.Create("<>=;"u8);

    private static readonly WordTable<bool> Prefixes = new(("return throw new typeof void delete in of do else case await yield instanceof", true));

    // The objects whose timers are the page's.
    private static readonly WordTable<bool> Windows = new(("window self top parent frames globalthis this", true));

    // What stands between two expressions of a program.
    private static readonly WordTable<bool> Operators = new(("in of instanceof and or if else as is not for while", true));

    private enum Sign
    {
        /// <summary>A function that attacks call to show that they run.</summary>
        Call,

        /// <summary>An object of the page.</summary>
        Page,

        /// <summary>Ways to make code of texts.</summary>
        Always,
        Scheme,
    }

    private static readonly LiteralSet<Sign> Signs = new(
        (["alert", "confirm", "prompt", "eval", "expression", "settimeout", "setinterval", "importscripts", "execscript"], Sign.Call),
        (["document.cookie", "document.write", "document.domain", "document.location", "window.location", "window.open", "document.body",
            "document.documentelement", "location.href=", "location.hash", "location=", "self[", "window[", "top[", "parent[", "this[", "frames[",
            "globalthis["], Sign.Page),
        (["string.fromcharcode", "constructor.constructor", "constructor(", "xmlhttprequest(", "[][(![]", "(![]+[])", "[]['filter']",
            "[][\"filter\"]", "reflect.set.call", "-moz-binding", "createelement('script", "createelement(\"script", "innerhtml=", ".innerhtml =",
            "outerhtml=", "onerror=alert", "onerror=eval", "throw onerror", "javascript:alert", "javascript:javascript", "al\\145rt",
            "&#x6a;avascript", "atob(", "fromcharcode(", "function('", "function(\"", "new function`", "document[\"cookie", "document['cookie",
            "document?.cookie"], Sign.Always),
        (["javascript", "vbscript", "livescript", "asfunction", "data:", "j\tavascript", "java\tscript", "java\nscript", "jav\tascript",
            "jav\nascript", "java script:"], Sign.Scheme));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        var isPage = PageScripts.IsPage(text);
        for (var at = 0; (at = Signs.Find(text, at, out var length, out var sign)) >= 0; at += length)
        {
            hits.Steps += sign == Sign.Scheme ? Math.Min(text.Length - at, ScriptUrls.Longest) : length + (sign == Sign.Always ? LongestMember
                : (2 * Mention.Longest) + LongestMember);
            switch (sign)
            {
                case Sign.Always when IsConstructor(text, at, length) || IsOtherName(text, at, length) || OwnStatement.Empties(text, at, length):
                    break;
                case Sign.Always:
                    hits.Add(InjectionRules.XssScript, at, at + length);
                    break;
                case Sign.Scheme when (at == 0 || !AsciiByte.IsLetter(text[at - 1]))
                    && ScriptUrls.At(text, at, isAttribute: false) is > 0 and var end:
                    hits.Add(InjectionRules.XssUrl, at, end);
                    break;
                case Sign.Call when EndOfCall(text, at, at + length) is > 0 and var end:
                    hits.Add(InjectionRules.XssScript, at, end);
                    break;
                case Sign.Page when IsWord(text, at) && !(isPage && IsLook(text[at..])) && !OwnStatement.Leads(text, at)
                    && (text[at + length - 1] == '[' ? IsMember(text[(at + length)..]) : IsBroken(text, at) || IsUsed(text, at + length))
                    && !(text[(at + length)..] is [(byte)'(', ..] && Mention.IsSubjectCall(text, at + length + 1)):
                    hits.Add(InjectionRules.XssScript, at, at + length);
                    break;
            }
        }
    }

    // alert(1), alert`1`, (alert)(1), window["alert"](1), alert/**/(1); not "alert (see below)".
    private static int EndOfCall(ReadOnlySpan<byte> text, int at, int end)
    {
        var before = at > 0 ? text[at - 1] : (byte)';';
        if (AsciiByte.IsAlphanumeric(before) || before is (byte)'_' or (byte)'$')
        {
            return 0;
        }

        if (before == '(' && end < text.Length && text[end] == ')' && IsElementCall(text[Math.Max(0, at - LongestName)..(at - 1)]))
        {
            return end + 1;
        }

        var i = end;
        while (i < text.Length && i < end + 4 && text[i] is (byte)')' or (byte)']' or (byte)'"' or (byte)'\'')
        {
            i++;
        }

        if (text[i..].StartsWith("/*"u8) && text.Slice(i, Math.Min(34, text.Length - i)).IndexOf("*/"u8) is > 0 and var comment)
        {
            i += comment + 2;
        }
        else if (text[i..].StartsWith("&lpar;"u8) || text[i..].StartsWith("&#"u8))
        {
            return i + 2;
        }

        i += text[i..].StartsWith("?.("u8) ? 2 : 0;
        if (i >= text.Length || text[i] is not ((byte)'(' or (byte)'`') || Mention.GoesOnBehindCall(text, i + 1)
            || Mention.IsSubjectCall(text, i + 1) || IsCalledInProse(text, at, i + 1) || text[(i + 1)..].StartsWith("s)"u8))
        {
            // "expression(s)": a plural.
            return 0;
        }

        if (text[at] == 's' && (text[(i + 1)..].StartsWith("()"u8) || text[(i + 1)..].StartsWith("function"u8)
            || OwnStatement.IsTimed(text[(i + 1)..]) || IsOtherTimer(text, at, i + 1)))
        {
            // A timer that is given a function, which is code as it stands; one that is given a text makes code of it.
            return 0;
        }

        // Something is said with it: a number, a text, a property; and where a sentence has a space there is a sign.
        var argument = i + 1 < text.Length ? text[i + 1] : (byte)')';
        var isArgument = argument is (byte)'\'' or (byte)'"' or (byte)'`' or (byte)'/' or (byte)'-' or (byte)')' or (byte)'\\' or (byte)'('
            or (byte)'[' or (byte)'&' || AsciiByte.IsAlphanumeric(argument);
        var isCode = text.Length > 256 && !text[at..].StartsWith("alert"u8);
        return isArgument && !isCode && !IsInSentence(text, at) && (before is not ((byte)' ' or (byte)'.') || IsBroken(text, at)
            || AsciiByte.IsDigit(argument) || argument is (byte)'\'' or (byte)'"') ? i + 1 : 0;
    }

    // "socket.setTimeout(3000)", "setTimeout(resolve(x), 10)": the clock of some other object, or what a call gives, which is looked at by itself.
    private static bool IsOtherTimer(ReadOnlySpan<byte> text, int at, int argument)
    {
        if (at > 1 && text[at - 1] is (byte)'.' or (byte)'#' && AsciiByte.IsAlphanumeric(text[at - 2]))
        {
            var before = text[Math.Max(0, at - 1 - LongestName)..(at - 1)];
            if (!Windows.Contains(before[(before.LastIndexOfAnyExceptInRange((byte)'a', (byte)'z') + 1)..]))
            {
                return true;
            }
        }

        var rest = text.Slice(argument, Math.Min(LongestName, text.Length - argument));
        var name = rest.IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        return rest is [>= (byte)'0' and <= (byte)'9', ..] || (name > 0 && rest[name] == '(');
    }

    // "[7].map(alert)": a function of attacks that a list is handed to.
    private static bool IsElementCall(ReadOnlySpan<byte> before) => before.LastIndexOf((byte)'.') is > 0 and var dot && before[dot - 1] == ']'
        && dot + 1 < before.Length && before[(dot + 1)..].IndexOfAnyExceptInRange((byte)'a', (byte)'z') < 0;

    // "alert(1) popup not working": two words behind a call that nothing was broken out of, where a program has a sign.
    private static bool IsCalledInProse(ReadOnlySpan<byte> text, int at, int end)
    {
        var rest = text.Slice(end, Math.Min(LongestMember, text.Length - end));
        var close = rest.IndexOf((byte)')');
        if (close < 0 || text[..Math.Min(at, LongestMember)].ContainsAny(BreakSigns) || at > LongestMember || text[..at].Contains((byte)':'))
        {
            return false;
        }

        rest = rest[(close + 1)..];
        for (var words = 0; words < 2; words++)
        {
            var length = rest is [(byte)' ', ..] ? rest[1..].IndexOfAnyExceptInRange((byte)'a', (byte)'z') : 0;
            length = length < 0 ? rest.Length - 1 : length;
            if (length < 2 || (words == 0 && Operators.Contains(rest.Slice(1, length))))
            {
                return false;
            }

            rest = rest[(length + 1)..];
        }

        return rest is [] or [(byte)' ' or (byte)',' or (byte)'.' or (byte)'?' or (byte)'!' or (byte)'\'', ..];
    }

    // "getConstructor(", "add_function("x")": the end of another name.
    private static bool IsOtherName(ReadOnlySpan<byte> text, int at, int length) => at > 0
        && (AsciiByte.IsAlphanumeric(text[at - 1]) || text[at - 1] == '_')
        && text.Slice(at, length) is var sign && (sign.SequenceEqual("constructor("u8) || sign.SequenceEqual("function('"u8)
            || sign.SequenceEqual("function(\""u8));

    // "constructor(props) {": a class declares how it is made, and calls nothing.
    private static bool IsConstructor(ReadOnlySpan<byte> text, int at, int length)
    {
        if (!text.Slice(at, length).SequenceEqual("constructor("u8) || (at > 0 && text[at - 1] is not ((byte)' ' or (byte)'\n' or (byte)'{')))
        {
            return false;
        }

        var rest = text.Slice(at + length, Math.Min(LongestMember, text.Length - at - length));
        if (rest is not [] and not [(byte)'\'' or (byte)'"' or (byte)'`', ..] && text[..at].TrimEnd((byte)' ') is [.., (byte)'\n'])
        {
            // The line of a class.
            return true;
        }

        return rest.IndexOfAny((byte)')', (byte)'\'', (byte)'"') is >= 0 and var close && rest[close..] is [(byte)')', (byte)' ', (byte)'{', ..]
            or [(byte)')', (byte)'{', ..];
    }

    // Two names side by side are no program, unless the first is a word of the language.
    private static bool IsInSentence(ReadOnlySpan<byte> text, int at)
    {
        var before = text[Math.Max(0, at - LongestName - 1)..at];
        if (before is not [.., (byte)' '] || IsBroken(text, at))
        {
            return false;
        }

        var word = before[..^1];
        word = word[(word.LastIndexOfAnyExceptInRange((byte)'a', (byte)'z') + 1)..];
        return !word.IsEmpty && !Prefixes.Contains(word) && text[..at].IndexOfAny(MarkupSigns) < 0;
    }

    // An option of a command and the end of another name are no objects.
    private static bool IsWord(ReadOnlySpan<byte> text, int at) => at == 0 || (text[at - 1] is not ((byte)'-' or (byte)'_' or (byte)'$')
        && !(text[at] == 'l' && AsciiByte.IsLetter(text[at - 1])));

    // The script of a whole page changes how the page looks; what it reads and where it leads count there as well.
    private static bool IsLook(ReadOnlySpan<byte> name) => name.StartsWith("document.documentelement"u8) || name.StartsWith("document.body"u8);

    // "['al' + 'ert'](": a name that is put together, and called or set; programs index by names.
    private static bool IsMember(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(rest.Length, LongestMember)];
        var close = rest.LastIndexOf((byte)']');
        return rest is [(byte)'\'' or (byte)'"' or (byte)'`' or (byte)'/' or (byte)'\\' or (byte)'(' or (byte)'+' or (byte)'!'
            or (>= (byte)'0' and <= (byte)'9'), ..]
            && (close < 0 || rest[close..] is [_, (byte)'(' or (byte)'`' or (byte)'=' or (byte)'[' or (byte)')' or (byte)'.', ..]);
    }

    private static bool IsUsed(ReadOnlySpan<byte> text, int end) => end < text.Length
        && text[end] is (byte)'(' or (byte)'=' or (byte)'+' or (byte)')' or (byte)'\'' or (byte)'"' or (byte)'[' or (byte)';' or (byte)'.';

    // A sign that ends what the value was put into stands shortly before.
    private static bool IsBroken(ReadOnlySpan<byte> text, int at) => at > 0 && text[Math.Max(0, at - 12)..at].IndexOfAny(BreakSigns) >= 0;
}
