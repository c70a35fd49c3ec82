using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LlmGuard.Benchmarks.Ordinary;

/// <summary>The ordinary way to mask: parse, run one compiled expression after the other over every string, serialise if one matched.</summary>
/// <remarks>
/// The expressions are what people write; they check no checksum and know fewer key formats than the plugin, which makes them cheaper.
/// </remarks>
internal static class RegexMasking
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (Regex Pattern, string Mask)[] Rules =
    [
        (Of(@"\b[sr]k_(?:live|test)_[0-9a-zA-Z]{16,}\b"), "[MASKED_STRIPE_KEY]"),
        (Of(@"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"), "[MASKED_JWT]"),
        (Of(@"(?i)\b(?:password|passwd|pwd)\s*[:=]\s*\S+"), "[MASKED_PASSWORD]"),
        (Of(@"\b(?:sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35})"),
            "[MASKED_API_KEY]"),
        (Of(@"(?i)\b(?:access[_-]?token|api[_-]?key)\s*[:=]\s*\S+"), "[MASKED_TOKEN]"),
        (Of(@"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b"), "[MASKED_EMAIL]"),
        (Of(@"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"), "[MASKED_UUID]"),
        (Of(@"\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b"), "[MASKED_MAC]"),
        (Of(@"\b(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}\b"), "[MASKED_IP6]"),
        (Of(@"\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\b"), "[MASKED_IP]"),
        (Of(@"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"), "[MASKED_IBAN]"),
        (Of(@"\b(?:[0-9][ -]?){13,19}\b"), "[MASKED_CC]"),
        (Of(@"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"), "[MASKED_SSN]"),
        (Of(@"(?:\+[0-9]{1,3}[ .-]?)?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{4}\b"), "[MASKED_PHONE]"),
    ];

    public static byte[] Mask(byte[] body)
    {
        var root = JsonNode.Parse(body)!;
        return Walk(root) ? JsonSerializer.SerializeToUtf8Bytes(root, Relaxed) : body;
    }

    /// <summary>How many of the rules find something in a text.</summary>
    public static int Count(string text)
    {
        var count = 0;
        foreach (var (pattern, _) in Rules)
        {
            count += pattern.IsMatch(text) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Masks every string of a document.</summary>
    /// <returns>Whether one changed.</returns>
    public static bool Walk(JsonNode node)
    {
        var isChanged = false;
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, child) in members.ToArray())
                {
                    isChanged |= child is not null && Walk(child);
                }

                break;
            case JsonArray items:
                foreach (var item in items.ToArray())
                {
                    isChanged |= item is not null && Walk(item);
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                var masked = text;
                foreach (var (pattern, mask) in Rules)
                {
                    masked = pattern.Replace(masked, mask);
                }

                if (!ReferenceEquals(masked, text))
                {
                    value.ReplaceWith(masked);
                    isChanged = true;
                }

                break;
        }

        return isChanged;
    }

    private static Regex Of(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);
}
