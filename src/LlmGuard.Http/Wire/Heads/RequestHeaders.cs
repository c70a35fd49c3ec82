using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Http.Wire.Heads;

/// <summary>The headers of a request as entries may see them: no credential, only the hash of one.</summary>
internal sealed class RequestHeaders(IReadOnlyList<KeyValuePair<string, string>> headers) : IRequestHeaders
{
    private static readonly string[] Credentials = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

    public string? CredentialHash => field ??= Array.ConvertAll(Credentials, Read).FirstOrDefault(static c => c is not null) is { } credential
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credential)))
        : null;

    public string? Find(string name) => HeaderNames.IsCredential(name) ? null : Read(name);

    private string? Read(string name)
    {
        string? found = null;
        foreach (var (key, value) in headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                found = found is null ? value : $"{found}, {value}";
            }
        }

        return found;
    }
}
