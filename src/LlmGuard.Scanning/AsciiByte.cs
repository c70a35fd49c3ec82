namespace LlmGuard.Scanning;

/// <summary>
/// ASCII classes of a byte, where -1 stands for "outside the text". Bytes of non-ASCII characters belong to none of them, so that a letter such as
/// e-acute next to a number never hides it, as a Unicode-aware word boundary would.
/// </summary>
internal static class AsciiByte
{
    public static bool IsDigit(int b) => (uint)(b - '0') <= 9;

    public static bool IsLetter(int b) => (uint)((b | 0x20) - 'a') <= 25 && b >= 0;

    public static bool IsUpper(int b) => (uint)(b - 'A') <= 25;

    public static bool IsLower(int b) => (uint)(b - 'a') <= 25;

    public static bool IsAlphanumeric(int b) => IsDigit(b) || IsLetter(b);

    public static bool IsHex(int b) => IsDigit(b) || ((uint)((b | 0x20) - 'a') <= 5 && b >= 0);

    public static bool IsWhiteSpace(int b) => b is ' ' or (>= '\t' and <= '\r');

    /// <summary>Whether the byte continues a character of more than one byte.</summary>
    public static bool IsContinuation(int b) => b >= 0 && (b & 0xC0) == 0x80;
}
