using System.Collections.Frozen;
using LlmGuard.Remote;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record ModerationSettings
{
    private const string DefaultModel = "omni-moderation-latest";

    private static readonly Uri Vendor = new("https://api.openai.com/v1/");

    public required JudgeSettings Judge { get; init; }

    public required GuardrailSecret Key { get; init; }

    /// <summary>The header of the key; null for a bearer token.</summary>
    public string? KeyHeader { get; init; }

    public required Uri Address { get; init; }

    public required string Model { get; init; }

    /// <summary>Whether images are put before the model.</summary>
    public bool Images { get; init; }

    /// <summary>The categories that are judged; null for all.</summary>
    public FrozenSet<string>? Categories { get; init; }

    /// <summary>From which score a category counts.</summary>
    public required FrozenDictionary<string, double> Thresholds { get; init; }

    /// <summary>Whether what the model flags counts, whatever the scores.</summary>
    public bool BlockOnFlagged { get; init; }

    /// <summary>Whether what counts blocks; else it is flagged.</summary>
    public bool Blocks { get; init; }

    public required MessageTemplate Message { get; init; }

    public static ModerationSettings Read(GuardrailSettings settings)
    {
        var judge = JudgeSettings.Read(settings, ToxicityOpenAIPlugin.Name, Vendor);
        var model = settings.String("model", DefaultModel);
        var thresholds = settings.Map("thresholds", static value => value.Number("value", 1, 0, 1));
        var categories = settings.Strings("categories");
        foreach (var (category, _) in thresholds.Where(t => categories.Count > 0 && !categories.Contains(t.Key, StringComparer.Ordinal)))
        {
            settings.Problem("thresholds", $"has a threshold for \"{category}\", which \"categories\" leaves out");
        }

        settings.RefuseEmpty("categories", "thresholds");
        settings.RefuseRepeated("categories", categories);
        var actions = ToxicityActions.Read(settings);
        return new ModerationSettings
        {
            Judge = judge,
            Key = ReadKey(settings, judge.Endpoint),
            KeyHeader = settings.Parsed<string?>("key_header", HeaderName, null),
            Address = ReadAddress(settings, judge.Endpoint),
            Model = model,
            Images = ReadImages(settings, model),
            Categories = categories.Count > 0 ? categories.ToFrozenSet(StringComparer.Ordinal) : null,
            Thresholds = thresholds.ToFrozenDictionary(StringComparer.Ordinal),
            BlockOnFlagged = ReadBlockOnFlagged(settings, thresholds.Count > 0),
            Blocks = actions.Blocks,
            Message = actions.Message,
        };
    }

    private static GuardrailSecret ReadKey(GuardrailSettings settings, Uri endpoint)
    {
        // The guide's name for it, and the one other judges use.
        var hasLegacy = settings.Has("openai_key");
        var legacy = settings.Secret("openai_key", endpoint);
        var key = settings.Secret("api_key", endpoint, required: !hasLegacy);
        if (legacy is not null && key is not null)
        {
            settings.Problem("openai_key", "is another name of \"api_key\": give one of them");
        }

        if (legacy is { IsEmpty: true })
        {
            settings.Problem("openai_key", "must not be empty");
        }

        return key ?? legacy ?? new GuardrailSecret("");
    }

    private static string? HeaderName(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? text
        : throw new FormatException("expected a header name of letters, digits, hyphens and underscores");

    private static Uri ReadAddress(GuardrailSettings settings, Uri endpoint)
    {
        var version = settings.Parsed<string?>("api_version", Version, null);
        return new Uri(endpoint, version is null ? "moderations" : "moderations?api-version=" + version);
    }

    private static string? Version(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')
        ? text
        : throw new FormatException("expected a version such as \"2024-10-21\"");

    private static bool ReadImages(GuardrailSettings settings, string model)
    {
        var readsTextOnly = model.StartsWith("text-moderation", StringComparison.Ordinal);
        var images = settings.Boolean("images", !readsTextOnly);
        if (images && readsTextOnly)
        {
            settings.Problem("images", "the model reads text only");
        }

        return images;
    }

    private static bool ReadBlockOnFlagged(GuardrailSettings settings, bool hasThresholds)
    {
        var blockOnFlagged = settings.Boolean("block_on_flagged", !hasThresholds);
        if (!blockOnFlagged && !hasThresholds)
        {
            settings.Problem("block_on_flagged", "without \"thresholds\" nothing would ever count: give thresholds, or leave this out");
        }

        return blockOnFlagged;
    }
}
