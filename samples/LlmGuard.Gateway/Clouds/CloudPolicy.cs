using LlmGuard.FakeClouds;

namespace LlmGuard.Gateway.Clouds;

/// <summary>A policy that asks the fakes: <c>{{fake:plugin}}</c> in its text stands for the endpoint of that plugin's fake.</summary>
internal static class CloudPolicy
{
    /// <summary>The text with the endpoints of running fakes.</summary>
    /// <exception cref="FormatException">The text names a fake that there is not.</exception>
    public static string Render(string text, FakeCloudSet clouds)
    {
        foreach (var (plugin, cloud) in clouds.ByPlugin)
        {
            text = text.Replace($"{{{{fake:{plugin}}}}}", cloud.Endpoint.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
        }

        var unknown = text.IndexOf("{{fake:", StringComparison.Ordinal);
        return unknown < 0
            ? text
            : throw new FormatException(
                $"the policy names the fake '{text[unknown..].Split("}}")[0]}}}}}'; "
                    + $"there are {string.Join(", ", clouds.ByPlugin.Keys.Order(StringComparer.Ordinal))}");
    }

    /// <summary>What the fakes accept, as the configuration that policies read secrets from.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Secrets(FakeCloudSet clouds) =>
        clouds.ByPlugin.Values.SelectMany(static c =>
            c.Secrets).Select(static s => KeyValuePair.Create("AiGuardrails:Secrets:" + s.Key, (string?)s.Value));
}
