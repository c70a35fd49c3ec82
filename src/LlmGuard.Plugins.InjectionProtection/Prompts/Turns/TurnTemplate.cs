using System.Buffers;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Turns;

/// <summary>
/// Tells a template of a conversation, with places that a program fills (<c>&lt;|user|&gt;\n{question}</c>), from a message that forges a turn. A
/// template begins with its first turn, or stands between the quotes or fences of a program; who forges one has ended a turn that he did not begin,
/// or has said something before. A place is all that its turn holds on its line.
/// </summary>
internal static class TurnTemplate
{
    private const int LongestToken = 32;
    private const int LongestPlace = 64;
    private const int LongestRole = 16;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_. "u8);

    /// <param name="text">The text, in lower case.</param>
    public static bool Is(ReadOnlySpan<byte> text)
    {
        var first = text.IndexOf("<|"u8);
        return first >= 0 && !Ends(text[first..]) && IsOpened(text, first) && HasPlace(text[first..]);
    }

    // "<|im_end|>", "<|eot_id|>", "<|end|>".
    private static bool Ends(ReadOnlySpan<byte> token)
    {
        token = token[2..Math.Min(token.Length, LongestToken)];
        var end = token.IndexOf("|>"u8);
        token = end < 0 ? token : token[..end];
        return token.IndexOf("end"u8) >= 0 || token.StartsWith("eo"u8) || token.StartsWith("/"u8);
    }

    // Nothing before it, a fence, or a quotation mark that another one answers behind the last token.
    private static bool IsOpened(ReadOnlySpan<byte> text, int first)
    {
        var before = text[..first].TrimEnd(" \t\r\n"u8);
        if (before.IsEmpty || before.EndsWith("```"u8))
        {
            return true;
        }

        var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return before[^1] is (byte)'"' or (byte)'\'' or (byte)'`'
            ? text[(text.LastIndexOf("|>"u8) + 1)..].Contains(before[^1]) && IsOfProgram(line)
            : line.StartsWith("```"u8);
    }

    // 'prompt = f"', '{{ "', 'return (\'': what a program has before a text, and a sentence does not.
    private static bool IsOfProgram(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd("\"'`"u8);
        line = line is [.., (byte)'f' or (byte)'r' or (byte)'$' or (byte)'b'] ? line[..^1] : line;
        return line.TrimEnd((byte)' ') is [] or [.., (byte)'=' or (byte)'(' or (byte)'{' or (byte)'[' or (byte)',' or (byte)'+' or (byte)':'];
    }

    // Behind a token, or the name of a role that belongs to it, a place that ends with its line, its turn or its text.
    private static bool HasPlace(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOf("|>"u8) is >= 0 and var found; at += found + 2)
        {
            var turn = text[(at + found + 2)..];
            turn = turn[..Math.Min(turn.Length, LongestRole + LongestPlace)];
            if (IsPlace(turn) || (turn.IndexOfAny((byte)'\n', (byte)'\\') is > 0 and <= LongestRole and var role
                && turn[..role].IndexOfAnyExceptInRange((byte)'a', (byte)'z') < 0 && IsPlace(turn[role..])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPlace(ReadOnlySpan<byte> turn)
    {
        turn = turn.TrimStart("\r\n "u8);
        turn = turn.StartsWith("\\n"u8) ? turn[2..] : turn;
        if (turn is not [(byte)'{', ..])
        {
            return false;
        }

        var name = turn.TrimStart((byte)'{');
        var end = name.IndexOfAnyExcept(NameBytes);
        if (end <= 0 || name[end] != '}')
        {
            return false;
        }

        var rest = name[end..].TrimStart((byte)'}').TrimStart((byte)' ');
        return rest.IsEmpty || rest[0] is (byte)'\n' or (byte)'\r' or (byte)'"' or (byte)'\'' or (byte)'`' || rest.StartsWith("<|"u8)
            || rest.StartsWith("\\n"u8);
    }
}
