using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace LlmGuard.Tool.Policies;

/// <summary>
/// Resolves the secrets of a policy from environment variables, named as .NET configuration names them, and remembers which were asked for.
/// </summary>
/// <param name="environment">Reads an environment variable.</param>
/// <param name="standIn">What an absent secret is taken for, or null when it must be there.</param>
internal sealed class SecretSource(Func<string, string?> environment, string? standIn) : ConfigurationProvider, IConfigurationSource
{
    private const string Prefix = "AiGuardrails:Secrets:";

    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);

    /// <summary>The names that were asked for, and whether the environment has them.</summary>
    public IEnumerable<KeyValuePair<string, bool>> Asked => _asked.OrderBy(a => a.Key, StringComparer.Ordinal);

    /// <summary>The variable that holds a secret.</summary>
    public static string VariableOf(string name) => (Prefix + name).Replace(":", "__", StringComparison.Ordinal);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override bool TryGet(string key, out string? value)
    {
        value = null;
        if (!key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var name = key[Prefix.Length..];
        value = environment(VariableOf(name));
        var isSet = !string.IsNullOrWhiteSpace(value);
        _asked[name] = isSet;
        value = isSet ? value : standIn ?? value;
        return value is not null;
    }
}
