using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LlmGuard.FakeClouds.NeuralTrust;

/// <summary>Checks the tokens that callers of the firewall sign.</summary>
internal static class FirewallToken
{
    /// <summary>Whether it is a JWT for the firewall of at most an hour, valid now and signed with HS256.</summary>
    public static bool IsValid(string token, string key)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return false;
        }

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]));
        if (!CryptographicOperations.FixedTimeEquals(expected, Base64Url.DecodeFromChars(parts[2])))
        {
            return false;
        }

        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var issued = claims.RootElement.GetProperty("iat").GetInt64();
        var expires = claims.RootElement.GetProperty("exp").GetInt64();
        return header.RootElement.GetProperty("alg").ValueEquals("HS256")
            && claims.RootElement.GetProperty("purpose").ValueEquals("firewall")
            && claims.RootElement.EnumerateObject().Count() == 3
            && issued <= now + 5 && expires > now && expires == issued + 3600;
    }
}
