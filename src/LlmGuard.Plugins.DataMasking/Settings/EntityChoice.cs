using LlmGuard.Scanning;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.DataMasking.Settings;

/// <summary>What a policy says of an entity or a group of them.</summary>
internal sealed record EntityChoice(string Id, EntityGroups Group, bool IsEnabled, string? Mask, MaskChoice Choice, byte LeastConfidence)
{
    /// <summary>What does not count although it looks like one.</summary>
    public Exceptions? Exceptions { get; init; }

    /// <summary>What counts although it does not look like one.</summary>
    public IReadOnlyList<ScanRule> Denied { get; private init; } = [];

    /// <summary>Reads an item of <c>predefined_entities</c>; null when it names nothing.</summary>
    public static EntityChoice? Read(
        GuardrailSettings settings,
        MaskReader masks,
        IReadOnlyList<string> allowed,
        IReadOnlyList<PatternProgram> allowedPatterns)
    {
        var id = settings.RequiredString("entity");
        var isEnabled = settings.Boolean("enabled", true);
        var mask = settings.OptionalString("mask_with");
        var choice = masks.Read(settings);
        var least = settings.Number("min_confidence", Confidence.Default / 100.0, 0, 1);
        var exceptions = ExceptionSettings.Read(settings, allowed, allowedPatterns);
        var denied = Denials(settings);
        if (id.Length == 0)
        {
            return null;
        }

        settings.RefuseEmpty("mask_with");

        var group = EntityCatalog.Groups.GetValueOrDefault(id);
        if (group == EntityGroups.None && EntityMasks.Find(id) is null)
        {
            settings.Problem(
                "entity",
                $"no entity is called \"{id}\": expected one of {string.Join(", ", EntityCatalog.Ids)}, or a group: "
                    + $"{string.Join(", ", EntityCatalog.Groups.Keys)}");
        }

        if (group != EntityGroups.None && denied.Count > 0)
        {
            settings.Problem("entity", $"\"{id}\" is a group, and what \"deny\" names must be of one type: expected an entity");
        }

        return new EntityChoice(id, group, isEnabled, mask, choice, (byte)Math.Round(least * 100)) { Exceptions = exceptions, Denied = denied };
    }

    private static List<ScanRule> Denials(GuardrailSettings settings)
    {
        var rules = new List<ScanRule>();
        foreach (var value in ExceptionSettings.Values(settings, "deny"))
        {
            if (value.EnumerateRunes().Count() > KeywordSet.MaxCodePoints)
            {
                settings.Problem("deny", $"has a value that is too long: expected at most {KeywordSet.MaxCodePoints} characters");
                continue;
            }

            rules.Add(new ScanRule.Keyword(new KeywordRule(value, KeywordView.Exact, 0)));
        }

        rules.AddRange(ExceptionSettings.Patterns(settings, "deny_patterns", isWhole: false).Select(static p => new ScanRule.Pattern(p)));
        return rules;
    }
}
