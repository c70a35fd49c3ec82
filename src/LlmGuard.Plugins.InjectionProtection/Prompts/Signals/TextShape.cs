using System.Buffers;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>What a text mostly is, by its lines.</summary>
internal static class TextShape
{
    private static readonly SearchValues<byte> BlankOrEnd = SearchValues.Create(" \t\r.!?"u8);
    private static readonly SearchValues<byte> ProgramSigns = SearchValues.Create("{}[]|=;_<>$\\\t"u8);

    private const int LongestIndent = 8;

    internal enum Kind
    {
        Prose,
        Table,
        Code,
        Data,
    }

    public static Kind Of(ReadOnlySpan<byte> text)
    {
        var trimmed = text.TrimStart(" \t\r\n"u8);
        var head = trimmed[..Math.Min(trimmed.Length, 256)];
        if (head.Length > 1 && head[0] is (byte)'{' or (byte)'[' && head.IndexOfAny("\"'"u8) is >= 0 and < 64)
        {
            return Kind.Data;
        }

        var (lines, table, code) = (0, 0, 0);
        while (text.Length > 0)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).Trim(" \t\r"u8);
            text = end < 0 ? default : text[(end + 1)..];
            if (line.IsEmpty)
            {
                continue;
            }

            lines++;
            table += line.Count((byte)'|') >= 2 ? 1 : 0;
            code += IsCode(line) ? 1 : 0;
        }

        return lines < 3 ? Kind.Prose : table * 10 >= lines * 6 ? Kind.Table : code * 10 >= lines * 5 ? Kind.Code : Kind.Prose;
    }

    /// <summary>Whether a line reads like a program, a trace of one, or its output.</summary>
    public static bool IsCode(ReadOnlySpan<byte> line)
    {
        var last = line[^1];
        return last is (byte)';' or (byte)'{' or (byte)'}' or (byte)')' or (byte)']' or (byte)':' && line.IndexOfAny("(="u8) >= 0
            || line[0] is (byte)'#' or (byte)'@' or (byte)'<' or (byte)'}' || line.IndexOf(" = "u8) > 0 || line.IndexOf("()"u8) > 0
            || line.StartsWith("import "u8) || line.StartsWith("from "u8) && line.IndexOf(" import "u8) > 0
            || line.StartsWith("def "u8) || line.StartsWith("class "u8) || line.StartsWith("return"u8) 
            || line.StartsWith("file \""u8) || line.StartsWith("traceback"u8) || line.StartsWith("//"u8) || line.StartsWith("print"u8)
            || line.IndexOf("error:"u8) >= 0 || line.IndexOf("=="u8) > 0 || line.IndexOf("self."u8) >= 0 || line.IndexOf("','"u8) > 0
            || line.IndexOfAny("([{"u8) > 0 && line.IndexOfAny("=,."u8) > 0 && line.Count((byte)' ') < 6;
    }

    /// <summary>Whether a sentence is written as people write, without the signs of code and tables.</summary>
    public static bool IsPlainSentence(ReadOnlySpan<byte> text, int start, int end)
    {
        var sentence = text[start..end];
        return sentence.IndexOfAny(ProgramSigns) < 0 && sentence.IndexOf("()"u8) < 0 && sentence.Count((byte)' ') >= 3;
    }

    /// <summary>Whether a sentence is a whole one: behind another that ended, or a paragraph or line of its own, and no item of a list.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text, int start, int end)
    {
        var before = text[..start].TrimEnd(" \t\r"u8);
        var after = text[end..];
        if (before is [.., (byte)'=', (byte)'"'])
        {
            return false;
        }

        if (before.IsEmpty || IsCell(text, start) || (before[^1] is (byte)'.' or (byte)'!' or (byte)'?' or (byte)'|' or (byte)'"'
                && !IsNumber(before)))
        {
            return after is not [(byte)':', (byte)'\n', ..];
        }

        if (before[^1] != (byte)'\n' || before.Length < start)
        {
            return false;
        }

        // A line that the text above goes on in does not end with its sentence as well.
        return after.IsEmpty || (after[0] is (byte)'.' or (byte)'?' or (byte)'!' && (after.Length == 1 || after[1] is (byte)'\n' or (byte)'\r'));
    }

    // "4." before an item.
    private static bool IsNumber(ReadOnlySpan<byte> before) =>
        before[^1] == (byte)'.' && before.Length > 1 && before[^2] is >= (byte)'0' and <= (byte)'9';

    /// <summary>Whether what begins at an offset is an item of a list, behind a bullet at the start of a line.</summary>
    public static bool IsItem(ReadOnlySpan<byte> text, int start)
    {
        var before = text[..start];
        return before is [.., (byte)'-' or (byte)'*' or (byte)'+', (byte)' ']
            && (before.Length == 2 || before[..^2].TrimEnd(" \t"u8) is [] or [.., (byte)'\n']);
    }

    // A column of its own.
    private static bool IsCell(ReadOnlySpan<byte> text, int start) =>
        start > 2 && text[start - 1] is (byte)' ' or (byte)'\t' && text[start - 2] is (byte)' ' or (byte)'\t'
        && text[..start].TrimEnd(" \t"u8) is [.., > (byte)' '];

    /// <summary>Whether words have the signs of a regular expression between them.</summary>
    public static bool IsPattern(ReadOnlySpan<byte> span) => span.IndexOf("\\s"u8) >= 0 || span.IndexOf(")?"u8) >= 0 || span.IndexOf("(?:"u8) >= 0;

    /// <summary>Whether a sentence begins a line of its own, with nothing before it that comments or quotes.</summary>
    public static bool IsOwnLine(ReadOnlySpan<byte> text, int start)
    {
        var before = text[Math.Max(0, start - LongestIndent)..start];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (lineStart > 0 || start <= LongestIndent) && before[lineStart..].IndexOfAnyExcept(BlankOrEnd) < 0;
    }
}
