using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Script;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>
/// Reads the value of an attribute that handles an event as the program that it is. In a tag whatever names something may be one; behind a mere
/// quote, where a sentence
/// or a list of settings may go on as well, it has to do something: call, assign, throw.
/// </summary>
internal static class HandlerCode
{
    /// <summary>Most bytes that are looked at.</summary>
    public const int Longest = 256;

    [ThreadStatic]
    private static ScriptLexer? _lexer;

    [ThreadStatic]
    private static List<ScriptToken>? _tokens;

    // What a browser has for every page; and names by which attacks are tried.
    private static readonly WordTable<bool> Known = new((
        "alert prompt confirm eval fetch print open close write writeln settimeout setinterval setimmediate function import importscripts require "
        + "location document window top parent self frames frame globalthis this event opener atob btoa msgbox execscript find stop focus blur "
        + "moveto navigate assign replace postmessage dispatchevent execute xss hack hacked evil steal pwn pwned attack payload exploit poc "
        + "throw", true));

    /// <summary>
    /// Whether a value calls a function of the page's own, by its name and with constants, as pages do: <c>save()</c>,
    /// <c>return toggle(this, 'a')</c>.
    /// </summary>
    /// <param name="value">The value, in lower case.</param>
    public static bool IsOwnCall(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" ;"u8);
        value = value.StartsWith("return "u8) ? value["return ".Length..] : value;
        var open = value.IndexOf((byte)'(');
        if (open < 3 || value.Length > Longest || value[^1] != ')' || value[..open].IndexOfAnyExcept(NameBytes) >= 0 || Known.Contains(value[..open]))
        {
            return false;
        }

        foreach (var range in value[(open + 1)..^1].Split((byte)','))
        {
            var argument = value[(open + 1)..^1][range].Trim(" '"u8);
            if (argument.StartsWith("this."u8) || argument.StartsWith("event."u8))
            {
                argument = argument[(argument.IndexOf((byte)'.') + 1)..];
                argument = argument.StartsWith("target."u8) ? argument["target.".Length..] : argument;
            }

            if (argument.IndexOfAnyExcept(NameBytes) >= 0 || (Known.Contains(argument) && !argument.SequenceEqual("this"u8)
                && !argument.SequenceEqual("event"u8)))
            {
                return false;
            }
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<byte> NameBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <param name="value">The value, in lower case.</param>
    /// <param name="isInTag">Whether it certainly stands in a tag.</param>
    public static bool IsActive(ReadOnlySpan<byte> value, bool isInTag)
    {
        value = value[..Math.Min(value.Length, Longest)];
        if (value.Trim(" ;"u8) is var statement && (statement.SequenceEqual("return false"u8) || statement.SequenceEqual("return true"u8)))
        {
            // How pages keep a link from being followed.
            return false;
        }

        if (value.ContainsAny((byte)'&', (byte)'\\', (byte)'%') && !value.Trim((byte)' ').IsEmpty)
        {
            // Escapes hide a program from who reads it before they are resolved.
            return true;
        }

        var (lexer, tokens) = (_lexer ??= new ScriptLexer(), _tokens ??= []);
        tokens.Clear();
        lexer.Read(value, 0, value.Length, tokens);
        var hasName = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var sign = token.Kind == ScriptTokenKind.Symbol ? value[token.Start] : (byte)0;
            hasName |= token.Kind is ScriptTokenKind.Name or ScriptTokenKind.Number or ScriptTokenKind.Text or ScriptTokenKind.Template
                or ScriptTokenKind.Regex;
            if (hasName && (sign is (byte)'(' or (byte)'=' || token.Kind == ScriptTokenKind.Template
                || value[token.Start..token.End].SequenceEqual("throw"u8)))
            {
                return true;
            }
        }

        return hasName && isInTag;
    }
}
