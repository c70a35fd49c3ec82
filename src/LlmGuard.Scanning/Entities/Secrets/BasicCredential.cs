using System.Buffers;
using System.Buffers.Text;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>A user and a password with a colon between them, in base64, as registries and HTTP write it.</summary>
internal static class BasicCredential
{
    private const int Longest = 344;

    private static readonly SearchValues<byte> OfUsers = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+-"u8);

    /// <summary>Whether a value is one.</summary>
    public static bool Is(ReadOnlySpan<byte> value)
    {
        if (value.Length is < 8 or > Longest || value.Length % 4 != 0)
        {
            return false;
        }

        Span<byte> decoded = stackalloc byte[Longest];
        if (Base64.DecodeFromUtf8(value, decoded, out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        decoded = decoded[..length];
        var colon = decoded.IndexOf((byte)':');
        return colon > 0 && length - colon > 3 && !decoded[..colon].ContainsAnyExcept(OfUsers)
            && !decoded.ContainsAnyExceptInRange((byte)'!', (byte)'~');
    }
}
