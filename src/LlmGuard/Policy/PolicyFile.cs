using System.Security.Cryptography;

namespace LlmGuard.Policy;

/// <summary>Reads policy files, never more than a bound and each only once per load.</summary>
internal static class PolicyFile
{
    /// <summary>A policy is written by people; what is larger is something else.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <exception cref="GuardrailPolicyException">The file is not there, not readable or too large.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaxBytes)
            {
                throw new GuardrailPolicyException($"The policy file '{path}' has {stream.Length} bytes; at most {MaxBytes} are read.");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GuardrailPolicyException($"The policy file '{path}' does not exist.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new GuardrailPolicyException($"The policy file '{path}' cannot be read ({failure.GetType().Name}).", failure);
        }
    }

    /// <summary>A hash that changes when the content of the files does, or whether they can be read.</summary>
    public static string Fingerprint(IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            try
            {
                var bytes = Read(path);
                hash.AppendData(BitConverter.GetBytes(bytes.Length));
                hash.AppendData(bytes);
            }
            catch (GuardrailPolicyException)
            {
                // Not readable is a state like any other here; the load that follows a change says what is wrong.
                hash.AppendData(BitConverter.GetBytes(-1));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
