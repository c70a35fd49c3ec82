using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Whose words the bodies of an invocation are in.</summary>
internal enum InvokeModelFamily
{
    /// <summary>Claude: Anthropic's messages.</summary>
    Claude,

    /// <summary>Command R: Cohere's chat of the first version.</summary>
    CommandR,

    /// <summary>Nova: Converse's messages.</summary>
    Nova,

    /// <summary>Titan text models.</summary>
    Titan,

    /// <summary>Llama.</summary>
    Llama,

    /// <summary>Mistral's models that take a prompt.</summary>
    MistralPrompt,

    /// <summary>Those that speak OpenAI's chat completions.</summary>
    OpenAi,
}

/// <summary>Tells the family of an invocation.</summary>
internal static class InvokeModelFamilies
{
    /// <summary>The family that a model's id names. Null for ids that name none, and for models whose answers hold no text.</summary>
    public static InvokeModelFamily? OfModel(string model)
    {
        return Is("embed", "rerank", "image", "video", "canvas", "reel", "sonic", "stability.") ? null
            : Is("anthropic.") ? InvokeModelFamily.Claude
            : Is("cohere.command-r") ? InvokeModelFamily.CommandR
            : Is("amazon.nova") ? InvokeModelFamily.Nova
            : Is("amazon.titan") ? InvokeModelFamily.Titan
            : Is("meta.llama") ? InvokeModelFamily.Llama
            : Is("mistral.mistral-7b", "mistral.mixtral") ? InvokeModelFamily.MistralPrompt
            : Is("mistral.", "openai.", "qwen.", "deepseek.", "ai21.jamba") ? InvokeModelFamily.OpenAi
            : null;

        bool Is(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (model.Contains(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The family that an event of a stream gives away, as its reader tells it; null when it says nothing of it.</summary>
    public static InvokeModelFamily? OfEvent(JsonElement data) =>
        data.ValueKind != JsonValueKind.Object ? null
        : Has(data, "choices") ? InvokeModelFamily.OpenAi
        : Has(data, "event_type") ? InvokeModelFamily.CommandR
        : data.Text("type") is not null ? InvokeModelFamily.Claude
        : Has(data, "messageStart") || Has(data, "contentBlockDelta") ? InvokeModelFamily.Nova
        : Has(data, "generation") ? InvokeModelFamily.Llama
        : Has(data, "outputText") ? InvokeModelFamily.Titan
        : Has(data, "outputs") ? InvokeModelFamily.MistralPrompt
        : null;

    private static bool Has(JsonElement data, string name) => data.TryGetProperty(name, out _);
}
