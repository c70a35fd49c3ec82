using System.Collections.Frozen;

namespace LlmGuard.Policy;

/// <summary>The plugins of this family and the packages they come in, for errors that say what to add.</summary>
internal static class KnownPlugins
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["neuraltrust_guardrail"] = "NeuralTrustGuardrail",
        ["bedrock_guardrail"] = "BedrockGuardrail",
        ["code_sanitation"] = "CodeSanitation",
        ["data_masking"] = "DataMasking",
        ["external_api"] = "ExternalApi",
        ["injection_protection"] = "InjectionProtection",
        ["prompt_moderation"] = "PromptModeration",
        ["rate_limiter"] = "RateLimiter",
        ["request_size_limiter"] = "RequestSizeLimiter",
        ["token_rate_limiter"] = "TokenRateLimiter",
        ["toxicity_azure"] = "ToxicityAzure",
        ["toxicity_openai"] = "ToxicityOpenAI",
        ["noma_runtime_protection"] = "NomaRuntimeProtection",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Contains(string plugin) => Names.ContainsKey(plugin);

    /// <summary>Why a plugin is not there and what to do about it.</summary>
    public static string Missing(string plugin, IEnumerable<string> installed) => Names.TryGetValue(plugin, out var name)
        ? $"the plugin '{plugin}' is not installed: add the package LlmGuard.Plugins.{name} and call .Add{name}() after AddAiGuardrails()"
        : $"unknown plugin '{plugin}': installed are {Join(installed)}; the packages LlmGuard.Plugins.* offer {Join(Names.Keys)}";

    private static string Join(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).DefaultIfEmpty("none"));
}
