using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Requests;

/// <summary>
/// Looks for a value that ends its line of a log and forges the next one: a break, and behind it a line as programs write it, a time and how grave it
/// is. A value has few words; who pastes a log has said so before, or begins with its first line.
/// </summary>
internal static class LogLineDetector
{
    private const int LongestValue = 48;
    private const int LongestHead = 64;
    private const int MostWords = 2;
    private const int MostLines = 2;
    private const int LongestLevel = 8;

    private static readonly WordTable<bool> Levels =
        new(("info warn warning error err fatal debug trace notice crit critical alert emerg audit success", true));

    private static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789-:./,tz+"u8);

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        var head = text[..Math.Min(text.Length, LongestValue)];
        hits.Steps += head.Length + (2 * LongestHead);
        var line = head.IndexOfAny((byte)'\r', (byte)'\n');
        if (line > 0)
        {
            var rest = text[line..].TrimStart("\r\n"u8);
            if (IsValue(text[..line]) && text.Length < 4 * LongestHead
                && rest.TrimEnd("\r\n"u8).Count((byte)'\n') < MostLines && IsLogLine(rest, false))
            {
                hits.Add(InjectionRules.HeaderLogLine, line, text.Length);
            }

            return;
        }

        // Who writes text of some lines writes lines, and not the escapes of them.
        hits.Steps += text.Length;
        for (var at = 0; at < text.Length && text[at..].IndexOf("%0"u8) is >= 0 and var found; at++)
        {
            at += found;
            var length = text[at..].StartsWith("%0d%0a"u8) ? 6 : text[at..].StartsWith("%0a"u8) || text[at..].StartsWith("%0d"u8) ? 3 : 0;
            hits.Steps += LongestHead;
            if (length > 0 && IsLogLine(text[(at + length)..], true))
            {
                hits.Add(InjectionRules.HeaderLogLine, at, Math.Min(text.Length, at + length + LongestHead));
                return;
            }
        }
    }

    // "guest", "john smith": no sentence, no label before what is pasted, and no line of a log itself.
    private static bool IsValue(ReadOnlySpan<byte> line) => line.Trim((byte)' ').Count((byte)' ') < MostWords
        && line.TrimEnd((byte)' ') is [.., not ((byte)':' or (byte)'`' or (byte)'{' or (byte)'>')] && !IsLogLine(line, true)
        && line.IndexOfAny("[{<#="u8) < 0;

    /// <summary>Whether a line begins as one of a log.</summary>
    /// <param name="line">The line, in lower case.</param>
    /// <param name="isEscaped">Whether it stands in escapes, so that its blanks may do, and a level alone tells it.</param>
    private static bool IsLogLine(ReadOnlySpan<byte> line, bool isEscaped)
    {
        Span<byte> plain = stackalloc byte[LongestHead];
        var head = Plain(line[..Math.Min(line.Length, 2 * LongestHead)], plain, isEscaped);
        var at = head is [(byte)'[' or (byte)'<' or (byte)'(', ..] ? 1 : 0;
        var time = head[at..].IndexOfAnyExcept(TimeBytes);
        if (time > 0 && IsTime(head.Slice(at, time)))
        {
            return HasLevel(head[(at + time)..]);
        }

        if (IsAccess(head))
        {
            return true;
        }

        var level = EndOfWord(head[at..]);
        return level > 0 && Levels.Contains(head.Slice(at, level)) && head[(at + level)..] is { Length: > 1 } behind
            && (at == 1 ? behind[0] is (byte)']' or (byte)'>' : isEscaped && behind[0] == ':');
    }

    // "2024-05-01", "12:00:00", "2024-05-01t12:00:00.000z".
    private static bool IsTime(ReadOnlySpan<byte> time) => time.Length >= 8 && AsciiByte.IsDigit(time[0]) && AsciiByte.IsDigit(time[1])
        && (time.Count((byte)'-') == 2 || time.Count((byte)'/') == 2 || time.Count((byte)':') >= 2);

    // "127.0.0.1 - - [".
    private static bool IsAccess(ReadOnlySpan<byte> head) =>
        head.IndexOf(" - "u8) is >= 7 and var dash && AsciiByte.IsDigit(head[0]) && head[..dash].Count((byte)'.') == 3
            && head[dash..].Contains((byte)'[');

    private static bool HasLevel(ReadOnlySpan<byte> rest)
    {
        for (var at = 0; at < rest.Length; at++)
        {
            var length = EndOfWord(rest[at..]);
            if (length > 0 && length <= LongestLevel && Levels.Contains(rest.Slice(at, length)))
            {
                return true;
            }

            at += length;
        }

        return false;
    }

    private static int EndOfWord(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExceptInRange((byte)'a', (byte)'z') is >= 0 and var end ? end : text.Length;

    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> line, Span<byte> plain, bool isEscaped)
    {
        var length = 0;
        for (var at = 0; at < line.Length && length < plain.Length && line[at] is not ((byte)'\r' or (byte)'\n'); length++)
        {
            var isEscape = isEscaped && line[at] == '%' && at + 2 < line.Length && AsciiByte.IsHex(line[at + 1]) && AsciiByte.IsHex(line[at + 2]);
            plain[length] = isEscape ? Escaped(line[at + 1], line[at + 2]) : isEscaped && line[at] == '+' ? (byte)' ' : line[at];
            at += isEscape ? 3 : 1;
        }

        return plain[..length];
    }

    private static byte Escaped(byte high, byte low) => (byte)((Digit(high) << 4) | Digit(low));

    private static int Digit(byte b) => AsciiByte.IsDigit(b) ? b - '0' : (b | 0x20) - 'a' + 10;
}
