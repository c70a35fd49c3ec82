using System.Text;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Signs and flags of command lines that are told by their form.</summary>
internal static class CommandForms
{
    private const int LongestBomb = 16;

    private static ReadOnlySpan<byte> Format => "format "u8;

    /// <summary>Whether it begins a function without a body, behind which old shells ran what a variable's value went on with.</summary>
    public static bool IsEmptyFunction(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("() { :;"u8) || rest.StartsWith("(){ :;"u8) || rest.StartsWith("() {:;"u8) || rest.StartsWith("(){:;"u8);

    /// <summary>Whether it goes on with a function that pipes itself into itself.</summary>
    public static bool IsForkBomb(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("(){"u8) && rest[..Math.Min(rest.Length, LongestBomb)].IndexOf(":|"u8) > 0;

    /// <summary>Whether it goes on with output to a disk as a whole.</summary>
    public static bool IsWriteToDisk(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("> /dev/sd"u8) || rest.StartsWith(">/dev/sd"u8) || rest.StartsWith("> /dev/nvme"u8);

    /// <summary>Whether a word is the drive of <c>format d:</c>.</summary>
    public static bool IsDriveToFormat(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> word) =>
        word is [_, (byte)':'] && char.IsAsciiLetter((char)word[0]) && at >= Format.Length
            && Ascii.EqualsIgnoreCase(text[(at - Format.Length)..at], Format);

    /// <summary>Whether a flag makes it format at once: without a question, without a look at the disk, or for another system of files.</summary>
    public static bool IsFormatFlag(ReadOnlySpan<byte> flag) => Ascii.EqualsIgnoreCase(flag, "/y"u8) || Ascii.EqualsIgnoreCase(flag, "/q"u8)
        || (flag.Length > 4 && Ascii.EqualsIgnoreCase(flag[..4], "/fs:"u8));

    /// <summary>Whether a flag tells a decoder to decode.</summary>
    public static bool IsDecodeFlag(ReadOnlySpan<byte> flag) =>
        flag.SequenceEqual("-d"u8) || flag.SequenceEqual("-D"u8) || flag.SequenceEqual("-di"u8) || flag.SequenceEqual("-r"u8)
        || flag.SequenceEqual("--decode"u8);

    /// <summary>Whether a flag announces an encoded command to PowerShell, which takes any beginning of <c>-EncodedCommand</c>.</summary>
    public static bool IsEncodedFlag(ReadOnlySpan<byte> flag) =>
        Ascii.EqualsIgnoreCase(flag, "-e"u8)
        || Ascii.EqualsIgnoreCase(flag, "-ec"u8)
        || Ascii.EqualsIgnoreCase(flag[..Math.Min(flag.Length, 3)], "-en"u8);
}
