using System.Globalization;
using LlmGuard.Plugins.DataMasking.Masks;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.DataMasking.Settings;

/// <summary>Reads the settings of one policy entry.</summary>
internal sealed class MaskingSettings
{
    private readonly List<(ScanRule Rule, MaskingRule Mask)> _rules = [];
    private readonly ReversibleMasking? _reversible;
    private readonly MaskReader _masks;
    private readonly IReadOnlyList<string> _allowed;
    private readonly List<PatternProgram> _allowedPatterns;
    private readonly PatternCheck _check = new();
    private readonly double _threshold;
    private readonly int _maxEdits;
    private readonly bool _normalize;
    private readonly bool _stripsInvisible;
    private int _ruleNumber;

    private MaskingSettings(GuardrailSettings settings)
    {
        _threshold = settings.Number("similarity_threshold", 0.8, FuzzyWords.LowestThreshold, 1);
        _maxEdits = settings.OptionalInt32("max_edit_distance", 0, 16) ?? int.MaxValue;
        _normalize = settings.Boolean("normalize_input", true);
        _stripsInvisible = settings.Boolean("strip_invisible", false);
        _reversible = ReversibleSettings.Read(settings.Object("reversible_hashing"));
        _masks = new MaskReader(ReversibleSettings.Secret(settings, "hash_key"), _reversible);
        _allowed = ExceptionSettings.Values(settings, "allow");
        _allowedPatterns = ExceptionSettings.Patterns(settings, "allow_patterns", isWhole: true);
        settings.List("rules", ReadRule);
        ReadEntities(settings);
        RefuseIdle(settings);
        if (_stripsInvisible)
        {
            return;
        }

        if (_rules.Count == 0 && !settings.Has("rules") && !settings.Has("predefined_entities"))
        {
            settings.Problem(null, "nothing to mask: expected at least one of \"rules\", \"predefined_entities\" and \"apply_all\": true");
        }
        else if (_rules.Count == 0 && settings.Problems.Count == 0)
        {
            settings.Problem(null, "nothing to mask: every list is empty or switched off");
        }
    }

    private void RefuseIdle(GuardrailSettings settings)
    {
        // Not so what tells how, once there is something to look for: the guide's documents give thresholds, and hosts a key, with every entry.
        settings.RefuseIdle(_rules.Count == 0, "without a rule or an entity to look for", "allow", "allow_patterns");
        settings.RefuseIdle(
            _reversible is not null && _rules.All(static r => r.Mask.Action != MaskAction.Reversible),
            "where every \"action\" is another than \"reversible\"", "reversible_hashing");
    }

    // The weakest claim: what goes with a match that it stands in is the match's business.
    private static readonly (ScanRule Rule, MaskingRule Mask) Strip = (
        new ScanRule.Grammar(InvisibleText.Grammar, 0),
        new MaskingRule("strip_invisible", "invisible", MaskAction.Mask, Replacement.Literal(""), Replacement.Literal(""), Replacement.Literal("")));

    private static readonly (ScanRule Rule, MaskingRule Mask)[] Nothing = [];

    /// <summary>Reads settings; problems are reported to them.</summary>
    public static MaskingRules Read(GuardrailSettings settings)
    {
        var read = new MaskingSettings(settings);

        // A plan's first rules have the strongest claim on what several find: so the strictest action decides.
        (ScanRule Rule, MaskingRule Mask)[] ordered =
            [.. read._rules.OrderBy(static r => r.Mask.Action), .. read._stripsInvisible ? [Strip] : Nothing];
        var plan = ScanPlans.Shared.Get([.. ordered.Select(static r => r.Rule)], read._normalize ? ScanViews.All : ScanViews.None);
        foreach (var (_, mask) in ordered)
        {
            mask.Partial?.Bind(plan);
        }

        return new MaskingRules(plan, [.. ordered.Select(static r => r.Mask)], ordered.Any(static r => r.Mask.Action == MaskAction.Reversible)
            ? read._reversible
            : null);
    }

    private bool ReadRule(GuardrailSettings settings)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"rules[{_ruleNumber++}]");
        var isRegex = settings.Choice("type", false, new("keyword", false), new("regex", true));
        if (!settings.Has("type"))
        {
            settings.Problem("type", "is required: \"keyword\" or \"regex\"");
        }

        var mask = settings.RequiredString("mask_with");
        var choice = _masks.Read(settings);
        var exceptions = ExceptionSettings.Read(settings, _allowed, _allowedPatterns);
        var isCaseSensitive = settings.Boolean("case_sensitive", isRegex);
        var rule = settings.Parsed(
            "pattern",
            text => text.Length == 0 ? throw new FormatException("must not be empty") : isRegex
                ? (ScanRule)Pattern(text, isCaseSensitive) : Keyword(text, isCaseSensitive),
            null,
            required: true);
        if (rule is not null)
        {
            _rules.Add((rule, _masks.Make(id, isRegex ? "regex" : "keyword", mask, choice) with { Exceptions = exceptions }));
        }

        return isRegex;
    }

    private ScanRule.Pattern Pattern(string text, bool isCaseSensitive) =>
        new ScanRule.Pattern(_check.Compile(isCaseSensitive ? text : "(?i)" + text));

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
        var chosen =
            settings.List("predefined_entities", s => EntityChoice.Read(s, _masks, _allowed, _allowedPatterns)).OfType<EntityChoice>().ToArray();
        var byId = new Dictionary<string, EntityChoice>(StringComparer.Ordinal);
        foreach (var choice in chosen)
        {
            if (!byId.TryAdd(choice.Id, choice))
            {
                settings.Problem("predefined_entities", $"names \"{choice.Id}\" twice");
            }
        }

        var unnamed = new EntityChoice("", EntityGroups.None, IsEnabled: true, Mask: null, _masks.Default, Confidence.Default)
        {
            Exceptions = _allowed.Count + _allowedPatterns.Count == 0 ? null : new Exceptions(_allowed, _allowedPatterns),
        };
        foreach (var id in EntityCatalog.Ids)
        {
            // What is said of an entity counts more than what is said of its groups; of those, the first that is named.
            var choice = byId.GetValueOrDefault(id)
                ?? chosen.FirstOrDefault(c => c.Group != EntityGroups.None && EntityCatalog.Get(id).Groups.HasFlag(c.Group))
                ?? (applyAll ? unnamed : null);
            if (choice is { IsEnabled: true })
            {
                Add(id, choice);
            }
        }
    }

    private void Add(string id, EntityChoice choice)
    {
        var mask = _masks.Make(id, id, choice.Mask ?? EntityMasks.Find(id)!, choice.Choice) with { Exceptions = choice.Exceptions };

        // What is denied has no exceptions, so it comes first.
        _rules.AddRange(choice.Denied.Select(denied => (denied, mask with { Exceptions = null })));
        _rules.Add((new ScanRule.Entity(EntityCatalog.Find(id, choice.LeastConfidence)!), mask));
    }
}
