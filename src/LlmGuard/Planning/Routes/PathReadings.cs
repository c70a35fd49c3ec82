using System.Buffers;
using System.Text;

namespace LlmGuard.Planning.Routes;

/// <summary>
/// What a path can mean to the servers it passes. The first reading is the one of the next hop: decoded once, where an encoded slash stays part of
/// its segment. The others are what remains after any sequence of decoding a second time, decoding encoded slashes, removing dot segments,
/// collapsing slashes, taking a backslash for a slash, dropping <c>;parameters</c>, and cutting at <c>?</c> or <c>#</c>.
/// </summary>
/// <remarks>
/// Some paths have no set of readings that could be relied on: a malformed escape, invalid UTF-8 (overlong forms included), NUL or another control
/// character, at either level of decoding. Servers cut, replace or refuse these in different ways, so any rule might be reached. Nor have those whose
/// readings would cost too much: more than 32 of them, or more than 2,048 characters in a path that is not plain. The caller treats all of these as
/// ambiguous as soon as one rule is active.
/// </remarks>
internal static class PathReadings
{
    private const int MaxReadings = 32;
    private const int MaxLength = 2048;
    private const int MaxDecodes = 2;

    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create(
        string.Concat(Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(c => (char)c)).Where(c =>
            !"%\\;?#".Contains(c, StringComparison.Ordinal)).ToArray());

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the path, as it stands, is its only reading. Allocates nothing.</summary>
    public static bool IsPlain(ReadOnlySpan<char> path) =>
        !path.IsEmpty
        && path[0] == '/'
        && path.IndexOfAnyExcept(PlainCharacters) < 0
        && path.IndexOf("//", StringComparison.Ordinal) < 0
        && path.IndexOf("/.", StringComparison.Ordinal) < 0;

    /// <summary>All readings, the next hop's first, or null when the path has no set of readings to rely on.</summary>
    public static IReadOnlyList<string>? Of(string rawPath)
    {
        var start = rawPath.StartsWith('/') ? rawPath : "/" + rawPath;
        if (start.Length > MaxLength || Decode(start, keepSlash: true) is not { } first)
        {
            return null;
        }

        var seen = new List<State> { new(first, 1), new(start, 0) };
        for (var i = 0; i < seen.Count; i++)
        {
            var (text, decodes) = seen[i];
            Add(seen, new(DotSegments.Remove(text), decodes));
            Add(seen, new(CollapseSlashes(text), decodes));
            Add(seen, new(text.Replace('\\', '/'), decodes));
            Add(seen, new(DropParameters(text), decodes));
            Add(seen, new(Cut(text), decodes));
            if (decodes < MaxDecodes && text.Contains('%', StringComparison.Ordinal))
            {
                if (Decode(text, keepSlash: true) is not { } kept || Decode(text, keepSlash: false) is not { } decoded)
                {
                    return null;
                }

                Add(seen, new(kept, decodes + 1));
                Add(seen, new(decoded, decodes + 1));
            }

            if (seen.Count > MaxReadings)
            {
                return null;
            }
        }

        var isEncoded = start.Contains('%', StringComparison.Ordinal);
        return seen.Where(s => s.Decodes > 0 || !isEncoded).Select(s => s.Text).Distinct(StringComparer.Ordinal).ToList();
    }

    private static void Add(List<State> seen, State state)
    {
        if (!seen.Contains(state))
        {
            seen.Add(state);
        }
    }

    private static string? Decode(string text, bool keepSlash)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(text.Length * 3);
        try
        {
            var length = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] != '%')
                {
                    var run = text.AsSpan(i);
                    var end = run.IndexOf('%');
                    run = end < 0 ? run : run[..end];
                    length += StrictUtf8.GetBytes(run, bytes.AsSpan(length));
                    i += run.Length - 1;
                    continue;
                }

                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    return null;
                }

                var value = (byte)((HexValue(text[i + 1]) << 4) | HexValue(text[i + 2]));
                if (keepSlash && value == '/')
                {
                    length += StrictUtf8.GetBytes(text.AsSpan(i, 3), bytes.AsSpan(length));
                }
                else
                {
                    bytes[length++] = value;
                }

                i += 2;
            }

            var decoded = StrictUtf8.GetString(bytes, 0, length);
            return decoded.Any(char.IsControl) ? null : decoded;
        }
        catch (ArgumentException)
        {
            // The strict encoding's word for a lone surrogate or invalid UTF-8: no reading.
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string CollapseSlashes(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return path;
    }

    private static string DropParameters(string path) => path.Contains(';', StringComparison.Ordinal)
        ? string.Join('/', path.Split('/').Select(s => s.IndexOf(';', StringComparison.Ordinal) is >= 0 and var at ? s[..at] : s))
        : path;

    private static string Cut(string path)
    {
        var at = path.AsSpan().IndexOfAny('?', '#');
        return at <= 0 ? path : path[..at];
    }

    private readonly record struct State(string Text, int Decodes);
}
