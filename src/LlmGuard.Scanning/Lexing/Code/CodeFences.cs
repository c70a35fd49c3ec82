using System.Buffers;

namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>Splits a text into what stands between code fences and what stands around them.</summary>
internal static class CodeFences
{
    private static readonly SearchValues<byte> EndOfName = SearchValues.Create(" \t,:{}"u8);

    /// <summary>Adds the parts of a text, in order and without gaps but for the fences themselves.</summary>
    public static void Split(ReadOnlySpan<byte> text, List<CodePart> parts)
    {
        var (start, at) = (0, 0);
        var (isFenced, sign, language) = (false, (byte)0, CodeLanguages.None);
        var (ticks, waves) = (new Finder((byte)'`'), new Finder((byte)'~'));
        while (NextFence(text, at, isFenced ? sign : (byte)0, ref ticks, ref waves) is >= 0 and var fence)
        {
            Add(parts, start, fence, isFenced, language);
            var line = LineEnd(text, fence);
            if (!isFenced)
            {
                sign = text[fence];
                language = LanguageNames.Find(Info(text[fence..line]));
            }

            isFenced = !isFenced;
            (start, at) = (line, line);
        }

        Add(parts, start, text.Length, isFenced, language);
    }

    private static void Add(List<CodePart> parts, int start, int end, bool isFenced, CodeLanguages language)
    {
        if (end > start)
        {
            parts.Add(new CodePart(start, end, isFenced, isFenced ? language : CodeLanguages.None));
        }
    }

    private static int NextFence(ReadOnlySpan<byte> text, int at, byte sign, ref Finder ticks, ref Finder waves)
    {
        while (at < text.Length)
        {
            var found = Math.Min(sign == '~' ? text.Length : ticks.From(text, at), sign == '`' ? text.Length : waves.From(text, at));
            if (found == text.Length)
            {
                return -1;
            }

            at = found;
            if (IsFirstOnLine(text, at))
            {
                return at;
            }

            at += 3;
        }

        return -1;
    }

    // Remembers where a sign stands next, so that one kind of fence is not looked for anew at every fence of the other kind.
    private struct Finder(byte sign)
    {
        private int _next = -1;

        public int From(ReadOnlySpan<byte> text, int at)
        {
            if (_next < at)
            {
                var found = text[at..].IndexOf([sign, sign, sign]);
                _next = found < 0 ? text.Length : at + found;
            }

            return _next;
        }
    }

    private static bool IsFirstOnLine(ReadOnlySpan<byte> text, int at)
    {
        for (var i = at - 1; i >= 0 && text[i] != '\n'; i--)
        {
            // Quotes and lists may stand before it, of a width that somebody could have written.
            if (at - i > 32 || text[i] is not ((byte)' ' or (byte)'\t' or (byte)'>' or (byte)'-' or (byte)'*' or (byte)'\r'))
            {
                return false;
            }
        }

        return true;
    }

    private static int LineEnd(ReadOnlySpan<byte> text, int at)
    {
        var line = text[at..].IndexOf((byte)'\n');
        return line < 0 ? text.Length : at + line + 1;
    }

    private static ReadOnlySpan<byte> Info(ReadOnlySpan<byte> line)
    {
        var info = line.TrimStart((byte)'`').TrimStart((byte)'~').Trim(" \t\r\n{."u8);
        var end = info.IndexOfAny(EndOfName);
        return end < 0 ? info : info[..end];
    }
}

/// <summary>A part of a text.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">The byte after the last one.</param>
/// <param name="IsFenced">Whether it stands between code fences.</param>
/// <param name="Language">What the fence says it is.</param>
internal readonly record struct CodePart(int Start, int End, bool IsFenced, CodeLanguages Language);
