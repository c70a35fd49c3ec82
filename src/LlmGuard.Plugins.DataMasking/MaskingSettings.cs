using System.Globalization;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>Reads the settings of one policy entry.</summary>
internal sealed class MaskingSettings
{
    private readonly List<(ScanRule Rule, MaskingRule Mask)> _rules = [];
    private readonly double _threshold;
    private readonly int _maxEdits;
    private readonly bool _normalize;
    private int _ruleNumber;

    private MaskingSettings(GuardrailSettings settings)
    {
        _threshold = settings.Number("similarity_threshold", 0.8, FuzzyWords.LowestThreshold, 1);
        _maxEdits = settings.OptionalInt32("max_edit_distance", 0, 16) ?? int.MaxValue;
        _normalize = settings.Boolean("normalize_input", true);
        ReadReversible(settings.Object("reversible_hashing"));
        settings.List("rules", ReadRule);
        ReadEntities(settings);
        if (_rules.Count == 0 && !settings.Has("rules") && !settings.Has("predefined_entities"))
        {
            settings.Problem(null, "nothing to mask: expected at least one of \"rules\", \"predefined_entities\" and \"apply_all\": true");
        }
        else if (_rules.Count == 0 && settings.Problems.Count == 0)
        {
            settings.Problem(null, "nothing to mask: every list is empty or switched off");
        }
    }

    /// <summary>Reads settings; problems are reported to them.</summary>
    public static MaskingRules Read(GuardrailSettings settings)
    {
        var read = new MaskingSettings(settings);
        return new MaskingRules(new ScanPlan([.. read._rules.Select(r => r.Rule)]), [.. read._rules.Select(r => r.Mask)]);
    }

    private static void ReadReversible(GuardrailSettings settings)
    {
        settings.Secret("secret");
        if (settings.Boolean("enabled", false))
        {
            settings.Problem("enabled", "reversible masking is not available yet, and masking without it would not restore anything: expected false");
        }
    }

    private bool ReadRule(GuardrailSettings settings)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"rules[{_ruleNumber++}]");
        var isRegex = settings.Choice("type", false, new("keyword", false), new("regex", true));
        if (!settings.Has("type"))
        {
            settings.Problem("type", "is required: \"keyword\" or \"regex\"");
        }

        var mask = new MaskingRule(id, isRegex ? "regex" : "keyword", settings.RequiredString("mask_with"), settings.Boolean("preserve_len", false));
        var isCaseSensitive = settings.Boolean("case_sensitive", isRegex);
        var rule = settings.Parsed(
            "pattern",
            text => text.Length == 0 ? throw new FormatException("must not be empty") : isRegex ? (ScanRule)Pattern(text, isCaseSensitive) : Keyword(text, isCaseSensitive),
            null,
            required: true);
        if (rule is not null)
        {
            _rules.Add((rule, mask));
        }

        return isRegex;
    }

    private static ScanRule.Pattern Pattern(string text, bool isCaseSensitive) =>
        new ScanRule.Pattern(PatternProgram.Compile(isCaseSensitive ? text : "(?i)" + text));

    private ScanRule.Keyword Keyword(string text, bool isCaseSensitive)
    {
        var view = isCaseSensitive ? KeywordView.Exact : _normalize ? KeywordView.Folded : KeywordView.AnyCase;
        var length = KeywordSet.Fold(text, view).EnumerateRunes().Count();
        if (length is 0 or > KeywordSet.MaxCodePoints)
        {
            throw new FormatException(length == 0
                ? "holds nothing that a reader can see"
                : $"is too long: expected at most {KeywordSet.MaxCodePoints} characters");
        }

        // The small amount keeps a product such as 0.2 * 5 from falling below the whole number it stands for.
        var edits = length < FuzzyWords.ShortestSimilar ? 0 : (int)Math.Floor(((1 - _threshold) * length) + 1e-9);
        return new ScanRule.Keyword(new KeywordRule(text, view, Math.Min(edits, _maxEdits)));
    }

    private void ReadEntities(GuardrailSettings settings)
    {
        var applyAll = settings.Boolean("apply_all", false);
        var chosen = settings.List("predefined_entities", ReadEntity).OfType<EntityChoice>().ToArray();
        var byId = new Dictionary<string, EntityChoice>(StringComparer.Ordinal);
        foreach (var choice in chosen)
        {
            if (!byId.TryAdd(choice.Id, choice))
            {
                settings.Problem("predefined_entities", $"names \"{choice.Id}\" twice");
            }
        }

        foreach (var id in EntityCatalog.Ids)
        {
            // What is said of an entity counts more than what is said of its groups; of those, the first that is named.
            var choice = byId.GetValueOrDefault(id) ?? chosen.FirstOrDefault(c => c.Group != EntityGroups.None && EntityCatalog.Get(id).Groups.HasFlag(c.Group));
            if (choice is { IsEnabled: true } || (choice is null && applyAll))
            {
                var mask = choice?.Mask ?? EntityMasks.Find(id)!;
                var least = choice?.LeastConfidence ?? Confidence.Default;
                _rules.Add((new ScanRule.Entity(EntityCatalog.Find(id, least)!), new MaskingRule(id, id, mask, choice?.KeepsLength ?? false)));
            }
        }
    }

    private static EntityChoice? ReadEntity(GuardrailSettings settings)
    {
        var id = settings.RequiredString("entity");
        var isEnabled = settings.Boolean("enabled", true);
        var mask = settings.OptionalString("mask_with");
        var keepsLength = settings.Boolean("preserve_len", false);
        var least = settings.Number("min_confidence", Confidence.Default / 100.0, 0, 1);
        if (id.Length == 0)
        {
            return null;
        }

        if (mask is "")
        {
            settings.Problem("mask_with", "must not be empty");
        }

        var group = EntityCatalog.Groups.GetValueOrDefault(id);
        if (group == EntityGroups.None && EntityMasks.Find(id) is null)
        {
            settings.Problem("entity", $"no entity is called \"{id}\": expected one of {string.Join(", ", EntityCatalog.Ids)}, or a group: {string.Join(", ", EntityCatalog.Groups.Keys)}");
        }

        return new EntityChoice(id, group, isEnabled, mask, keepsLength, (byte)Math.Round(least * 100));
    }

    private sealed record EntityChoice(string Id, EntityGroups Group, bool IsEnabled, string? Mask, bool KeepsLength, byte LeastConfidence);
}
