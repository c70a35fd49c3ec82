using System.Buffers;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Templates;

/// <summary>
/// Tells a name of a class or a slot of the language in an expression from the same name in a log, a path, a declaration or the markup of a
/// document.
/// </summary>
internal static class ObjectNames
{
    /// <summary>Most bytes that are looked at before and behind a name.</summary>
    public const int Longest = 64;

    private static readonly WordTable<bool> Sources = new(("html htm md js mjs ts py rb java cs go php txt json xml", true));

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_$.-"u8);

    // "{ __proto__: null }", "__proto__: Error.prototype": what a program makes an object of. What pollutes gives it members of its own.
    private static bool IsMade(ReadOnlySpan<byte> rest)
    {
        if (!rest.StartsWith(": "u8))
        {
            return false;
        }

        rest = rest[2..];
        var name = rest.IndexOfAnyExcept(NameBytes);
        rest = name < 0 ? rest : rest[..name];
        return rest.SequenceEqual("null"u8) || rest.EndsWith(".prototype"u8);
    }

    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the name begins.</param>
    /// <param name="length">Its length.</param>
    public static bool IsExpression(ReadOnlySpan<byte> text, int at, int length)
    {
        var name = text.Slice(at, length);
        var rest = text.Slice(at + length, Math.Min(Longest, text.Length - at - length));
        var before = text[Math.Max(0, at - Longest)..at];
        if (name.StartsWith("__"u8))
        {
            return IsSlot(name, before, rest) && !IsMade(rest);
        }

        if (name.StartsWith("\"constructor\""u8))
        {
            return rest.TrimStart(" \r\n\t"u8) is [(byte)'{', ..];
        }

        var end = rest.IndexOfAnyExcept(NameBytes);
        var path = end < 0 ? rest : rest[..end];
        if (IsFile(before, path, end < 0 ? [] : rest[end..]))
        {
            return false;
        }

        if (name is not [.., (byte)'('] && IsSpokenOf(before, end < 0 ? [] : rest[end..], isWhole: at + length + path.Length == text.Length))
        {
            return false;
        }

        if (name.StartsWith("java."u8))
        {
            // What a log tells of, and where it happened; and the type of something that is declared.
            var isDeclared = end >= 0 && (rest[end] == '>' && before is [.., not (byte)' ' and not (byte)'>', (byte)'<']) || end >= 0
                && rest[end..] is [(byte)'[', (byte)']', ..] or [(byte)' ', >= (byte)'a' and <= (byte)'z', ..];
            return !isDeclared && !path.EndsWith("exception"u8) && !path.EndsWith("error"u8) && !path.EndsWith("throwable"u8)
                && !before.EndsWith("at "u8) && !before.EndsWith("import "u8);
        }

        // Names of elements and attributes run nothing, but where they are those of classes with their packages.
        var own = before[(before.LastIndexOfAnyExcept(NameBytes) + 1)..];
        var start = before[..^own.Length];
        var isElement = start.EndsWith("<"u8) || start.EndsWith("</"u8);
        var isAttribute = end >= 0 && rest[end..].StartsWith("=\""u8) && start.EndsWith(" "u8) && start.Contains((byte)'<');
        return !((isElement || isAttribute) && (own.IsEmpty ? name : own) is var first && !first.StartsWith("java"u8) && !first.StartsWith("com."u8)
            && !first.StartsWith("org."u8));
    }

    // "/api/child_process.html": a page or a source that is called after what it is about, and nothing that is done with it.
    private static bool IsFile(ReadOnlySpan<byte> before, ReadOnlySpan<byte> path, ReadOnlySpan<byte> rest) =>
        before is [.., (byte)'/'] && path is [(byte)'.', ..] && rest is [] or [(byte)' ' or (byte)'#' or (byte)'\n', ..]
            && Sources.Contains(path[1..]);

    // "see java.lang.ProcessBuilder for more": a word of a sentence, which nothing is done with.
    private static bool IsSpokenOf(ReadOnlySpan<byte> before, ReadOnlySpan<byte> rest, bool isWhole)
    {
        var own = before[(before.LastIndexOfAnyExcept(NameBytes) + 1)..];
        before = before[..^own.Length];
        var isBehindWord = before is [.., >= (byte)'a' and <= (byte)'z', (byte)' '];
        var isBeforeWord = rest is [(byte)' ', >= (byte)'a' and <= (byte)'z', ..];
        return isBehindWord ? isBeforeWord || isWhole : before.IsEmpty && isBeforeWord;
    }

    // "x.__class__" steps, "['__class__']" names; "def __getitem__" declares and "numpy/__init__.py" is a file.
    private static bool IsSlot(ReadOnlySpan<byte> name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> rest)
    {
        if (name.EndsWith("__."u8) && !rest.StartsWith("__"u8))
        {
            return false;
        }

        var sign = before.IsEmpty ? (byte)'{' : before[^1];
        if (name.StartsWith("__proto__"u8))
        {
            // A name between back-quotes is spoken of, and so is one of a sentence.
            return rest is not ([(byte)'`', ..] or [(byte)' ', >= (byte)'a' and <= (byte)'z', >= (byte)'a' and <= (byte)'z', ..]);
        }

        // A program compares classes and makes objects of them, and goes no further.
        var isLast = rest is [] or [(byte)')' or (byte)' ' or (byte)'\n' or (byte)',' or (byte)':', ..] || (name.SequenceEqual("__class__"u8)
            && rest is [(byte)'(', ..]);
        if (isLast || (name.StartsWith("__import__"u8) && rest is [(byte)'(', not ((byte)'\'' or (byte)'"'), ..]))
        {
            return false;
        }

        var isDeclared = sign is (byte)' ' or (byte)'/' or (byte)'\t' or (byte)'\n';
        return !rest.StartsWith(".__name__"u8) && (!isDeclared || name.StartsWith("__import__"u8));
    }
}
