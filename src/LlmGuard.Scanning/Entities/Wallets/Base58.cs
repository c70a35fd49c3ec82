using System.Security.Cryptography;

namespace LlmGuard.Scanning.Entities.Wallets;

/// <summary>Base58 with four bytes of a double SHA-256 at its end.</summary>
internal static class Base58
{
    private const int Decoded = 25;

    private static ReadOnlySpan<byte> Alphabet => "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"u8;

    /// <summary>Whether a byte is a digit of it.</summary>
    public static bool Contains(int b) => AsciiByte.IsAlphanumeric(b) && b is not ('0' or 'O' or 'I' or 'l');

    /// <summary>Whether it is an address of 20 bytes with a version before and the right check bytes behind.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[Decoded];
        bytes.Clear();
        foreach (var character in text)
        {
            var carry = Alphabet.IndexOf(character);
            if (carry < 0)
            {
                return false;
            }

            for (var i = Decoded - 1; i >= 0; i--)
            {
                carry += bytes[i] * 58;
                bytes[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry != 0)
            {
                return false;
            }
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..21], hash);
        SHA256.HashData(hash, hash);
        return bytes[21..].SequenceEqual(hash[..4]);
    }
}
