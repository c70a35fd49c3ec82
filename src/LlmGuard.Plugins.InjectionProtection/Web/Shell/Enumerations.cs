using System.Buffers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Recognises lists of words between separators, in which a name that is a word or a column as well runs nothing: <c>name | id | date</c>,
/// <c>eat; sleep; repeat</c>. What breaks out of a value stands behind one value, and asks for a program that nobody lists.
/// </summary>
internal static class Enumerations
{
    /// <summary>Longest text that is one.</summary>
    public const int Longest = 256;

    private const int LeastItems = 3;
    private const int ShortestItem = 3;
    private const int LongestVersion = 16;

    private static readonly SearchValues<byte> VersionBytes = SearchValues.Create("0123456789.x+"u8);

    // Programs that are things, columns and what people do as well.
    private static readonly WordTable<bool> Plain =
        new(("id cat dir dig gem sleep touch strings tee zip env hostname base64 stat apt du reg", true));

    /// <param name="text">The text, in lower case.</param>
    /// <param name="separator">What stands before the name of a command.</param>
    public static bool IsList(ReadOnlySpan<byte> text, byte separator)
    {
        if (text.Length > Longest || separator is not ((byte)';' or (byte)'|' or (byte)'&'))
        {
            return false;
        }

        var (items, programs) = (0, 0);
        foreach (var range in text.Split(separator))
        {
            var item = text[range].Trim(" ()"u8);
            if (item.IsEmpty || !IsWord(item))
            {
                return false;
            }

            var command = ShellWords.Read(item, 0, out _, out _);
            if (command == ShellCommand.Interpreter || (command == ShellCommand.Program && (items == 0 || !Plain.Contains(item)))
                || (command != ShellCommand.Program && item.Length < ShortestItem))
            {
                return false;
            }

            items++;
            programs += command == ShellCommand.Program ? 1 : 0;
        }

        return items >= LeastItems && programs <= 1;
    }

    /// <summary>Whether a name is the number of a flat: <c>12 Main St; Apt 3</c>. The program of that name has verbs.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">Where the name begins.</param>
    /// <param name="end">The offset after it.</param>
    public static bool IsFlat(ReadOnlySpan<byte> text, int start, int end) => text[start..end].SequenceEqual("apt"u8)
        && text[end..] is [(byte)' ' or (byte)'+', (byte)'#' or (>= (byte)'0' and <= (byte)'9'), ..];

    /// <summary>Whether the version of a language follows its name: <c>node 20 | go 1.22</c>. What runs it gives it a file or an option.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="end">The offset after the name.</param>
    public static bool IsVersion(ReadOnlySpan<byte> text, int end)
    {
        var rest = text.Slice(end, Math.Min(LongestVersion, text.Length - end));
        if (rest is not [(byte)' ', >= (byte)'0' and <= (byte)'9', ..])
        {
            return false;
        }

        // An address of a machine has three dots, and another number or an option behind it.
        var length = rest[1..].IndexOfAnyExcept(VersionBytes);
        var version = length < 0 ? rest[1..] : rest.Slice(1, length);
        return version.Count((byte)'.') < 3 && (length < 0 ? end + rest.Length == text.Length
            : rest[(length + 1)..] is [(byte)',' or (byte)')' or (byte)'\n', ..]
                or [(byte)' ', (byte)'|' or (byte)'&' or (>= (byte)'a' and <= (byte)'z'), ..]);
    }

    /// <summary>Whether shells and languages alone are listed, perhaps behind a word for them: <c>Shells: bash | zsh | fish</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="separator">What stands before the name of one.</param>
    public static bool IsKinds(ReadOnlySpan<byte> text, byte separator)
    {
        if (text.Length > Longest || separator is not ((byte)';' or (byte)'|'))
        {
            return false;
        }

        var items = 0;
        foreach (var range in text.Split(separator))
        {
            var item = text[range].Trim((byte)' ');
            item = items == 0 ? item[(item.LastIndexOf((byte)' ') + 1)..] : item;
            if (ShellWords.Read(item, 0, out var end, out var isDisguised) != ShellCommand.Interpreter || end != item.Length || isDisguised)
            {
                return false;
            }

            items++;
        }

        return items >= LeastItems;
    }

    private static bool IsWord(ReadOnlySpan<byte> item)
    {
        foreach (var b in item)
        {
            if (!AsciiByte.IsLower(b) && b != '_' && b < 0x80)
            {
                return false;
            }
        }

        return true;
    }
}
