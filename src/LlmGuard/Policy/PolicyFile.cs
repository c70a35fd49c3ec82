namespace LlmGuard.Policy;

/// <summary>Reads a policy file, never more than a bound.</summary>
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
        catch (UnauthorizedAccessException failure) when (Directory.Exists(path))
        {
            throw new GuardrailPolicyException($"The policy file '{path}' is a directory.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new GuardrailPolicyException($"The policy file '{path}' cannot be read ({failure.GetType().Name}).", failure);
        }
    }
}
