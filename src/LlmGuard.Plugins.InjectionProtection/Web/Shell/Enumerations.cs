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
            var item = text[range].Trim((byte)' ');
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
