using System.Buffers;
using System.Text;

namespace LlmGuard.Http.Wire.Heads;

/// <summary>What header names and values may consist of (RFC 9110, sections 5.1 and 5.5).</summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Token);

    /// <summary>Whether a text can go into a value whatever the transport: visible ASCII, spaces and tabs.</summary>
    public static bool CanHold(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (value is not (>= 0x20 and <= 0x7E or (byte)'\t'))
            {
                return false;
            }
        }

        return true;
    }

    public static bool CanHold(string text) => Ascii.IsValid(text) && CanHold(Encoding.ASCII.GetBytes(text));

    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i += 1)
        {
            if (char.IsSurrogate(text[i]) && (!char.IsHighSurrogate(text[i]) || ++i == text.Length || !char.IsLowSurrogate(text[i])))
            {
                return false;
            }
        }

        return true;
    }
}
