using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Plugins.DataMasking.Masks;

/// <summary>The key of hashes, made-up values and placeholders: of the policy's secret, else of this process alone.</summary>
internal static class MaskKey
{
    /// <summary>Fewest characters of a secret: what can be guessed opens every hash of a telephone number.</summary>
    public const int MinSecretLength = 16;

    private static readonly byte[] OfProcess = RandomNumberGenerator.GetBytes(32);

    /// <summary>The key for one purpose.</summary>
    /// <param name="secret">The policy's secret, or null.</param>
    /// <param name="purpose">What for: keys for different purposes tell nothing about each other.</param>
    public static byte[] For(GuardrailSecret? secret, string purpose) => HMACSHA256.HashData(
        secret is null ? OfProcess : SHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal())),
        Encoding.UTF8.GetBytes(purpose));
}
