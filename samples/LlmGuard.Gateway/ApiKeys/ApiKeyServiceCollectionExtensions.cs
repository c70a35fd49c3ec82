using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LlmGuard.Gateway.ApiKeys;

/// <summary>Turns API keys into consumers: <c>{"key-of-alice": {"consumer": "alice", "groups": ["premium"]}}</c>.</summary>
internal static class ApiKeyServiceCollectionExtensions
{
    public static void AddApiKeys(this IServiceCollection services, string? file)
    {
        var keys = file is null ? [] : Read(file);
        services.AddAuthentication(ApiKeyHandler.Scheme).AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, options =>
        {
            foreach (var (key, holder) in keys)
            {
                options.Holders[Hash(key)] = holder;
            }
        });
    }

    /// <summary>Keys are looked up by hash, so that a lookup's time tells nothing about them.</summary>
    public static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static Dictionary<string, KeyHolder> Read(string file)
    {
        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize<Dictionary<string, KeyHolder>>(stream, JsonSerializerOptions.Web) ?? [];
    }
}

/// <summary>Whom a key stands for.</summary>
internal sealed record KeyHolder(string Consumer, IReadOnlyList<string>? Groups);
