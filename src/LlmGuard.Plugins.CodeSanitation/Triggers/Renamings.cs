using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Tells whether a text may give a sink another name: <c>from os import system as s</c>. Most programs rename modules alone. Says "perhaps" too often
/// and "no" never wrongly.
/// </summary>
internal static class Renamings
{
    private const int MostBlanks = 64;

    /// <summary>Whether <c>as</c> stands anywhere behind the name of a sink, or where nobody can tell.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sinks">The sinks.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public static bool Any(ReadOnlySpan<byte> text, SinkCalls sinks, ref long steps)
    {
        for (var at = 0; text[at..].IndexOf("as"u8) is >= 0 and var found; at += found + 2)
        {
            var word = at + found;
            if (!(word > 0 && IsNamePart(text[word - 1])) && !(word + 2 < text.Length && IsNamePart(text[word + 2]))
                && IsBehindSink(text, word, sinks, ref steps))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBehindSink(ReadOnlySpan<byte> text, int at, SinkCalls sinks, ref long steps)
    {
        var end = at;
        while (end > 0 && at - end < MostBlanks && text[end - 1] != '\n' && text[end - 1] is <= (byte)' ' or 0x7F)
        {
            end--;
        }

        // A comment, and what some lexers take for a blank, hide what is renamed; an import ends where its line does.
        steps += at - end;
        if (end == 0 || text[end - 1] == '\n')
        {
            return false;
        }

        if (at - end == MostBlanks || text[end - 1] is (byte)'/' or >= 0x80)
        {
            return true;
        }

        var start = end;
        while (start > 0 && end - start <= SinkTable.LongestName && IsNamePart(text[start - 1]))
        {
            start--;
        }

        steps += end - start;
        return (start > 0 && text[start - 1] is (byte)'-' or >= 0x80) || sinks.HasName(text[start..end]);
    }

    private static bool IsNamePart(byte value) => value < 0x80 && CodeLexer.IsNamePart(value);
}
