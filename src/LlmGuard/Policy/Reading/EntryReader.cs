using LlmGuard.Planning;
using LlmGuard.Policy.Evaluators;
using LlmGuard.Streaming;

namespace LlmGuard.Policy.Reading;

/// <summary>Reads the entries of a level.</summary>
/// <param name="plugins">The plugins there are.</param>
/// <param name="evaluators">Makes or keeps their evaluators.</param>
/// <param name="secrets">Told about the secrets in use.</param>
/// <param name="notes">Told about keys of every entry that have no effect on this one.</param>
internal sealed class EntryReader(PluginCatalog plugins, EvaluatorFactory evaluators, ICollection<BoundSecretUse> secrets, ICollection<string> notes)
{
    public const int MaxTimeoutMs = 600_000;

    private const string HeadMax = "head_max_ms";

    private static readonly HashSet<string> NoKeys = [];
    private static readonly string[] CadenceKeys = ["head_chars", HeadMax, "min_chars", "max_hold_ms", "max_window_chars"];

    /// <summary>Reads the list under a key.</summary>
    public IReadOnlyList<PolicyEntry> ReadAll(GuardrailSettings level, string key, string kind, string owner) =>
        [.. level.List(key, settings => Read(settings, kind, owner)).OfType<PolicyEntry>()];

    private PolicyEntry? Read(GuardrailSettings s, string kind, string owner)
    {
        var name = s.RequiredString("name");
        var id = s.OptionalString("id");
        if (id is "")
        {
            s.Problem("id", "must not be empty");
        }

        var enabled = s.Boolean("enabled", true);
        var plugin = plugins.Find(name);
        if (plugin is null && name.Length > 0 && (enabled || !KnownPlugins.Contains(name)))
        {
            s.Problem("name", KnownPlugins.Missing(name, plugins.Names));
        }

        // A disabled entry makes no evaluator, so nothing says which of its settings are secret: they take no part at all.
        var node = SettingsOf(s);
        GuardrailSettings? settings = null;
        EvaluatorHandle? handle = null;
        var hasRead = false;
        if (enabled && plugin is not null)
        {
            var key = new GuardrailEntry(kind, owner, id ?? $"{kind}/{owner}/{name}", name);
            handle = evaluators.Get(plugin, key, node, out settings, out hasRead);
        }

        var metadata = plugin?.Metadata;
        var aliases = new EntryAliases(s, handle is null ? null : settings, handle?.PluginKeys ?? NoKeys);
        var stages = Stages(s, aliases, metadata, enabled);
        var timeout = aliases.Timeout();
        var entry = new PolicyEntry
        {
            Path = s.Path,
            Plugin = name,
            Id = id is "" ? null : id,
            Enabled = enabled,
            Stages = [.. stages],
            Priority = s.Int32("priority", metadata?.DefaultPriority ?? 0, -1_000_000, 1_000_000),
            Parallel = s.Boolean("parallel", false),
            Mode = aliases.Mode(),
            OnError = aliases.OnError(metadata?.DefaultOnError ?? FailurePolicy.Block),
            Timeout = timeout ?? TimeSpan.FromMilliseconds(metadata?.DefaultTimeoutMs ?? 5000),
            Locked = s.Boolean("locked", false),
            Cache = s.Boolean("cache", false),
            Filter = new EntryFilter
            {
                Roles = PolicyWords.Read(s, "roles", PolicyWords.Roles) ?? [],
                Kinds = PolicyWords.Read(s, "kinds", PolicyWords.Kinds) ?? [],
                Sources = aliases.Sources(),
            },
            Seams = [.. PolicyWords.Read(s, "seams", PolicyWords.Seams) ?? []],
            Message = s.OptionalString("message"),
            StatusCode = s.OptionalInt32("status_code", 400, 599),
            Streaming = Streaming(s.Object("streaming"), metadata, stages),
            Settings = handle is null ? "{}" : evaluators.Canonical(node, handle, aliases.Lifted),
            Evaluator = handle?.Evaluator,
            Metadata = metadata,
        };
        IdleEntryKeys.Refuse(s, entry.Filter, handle is null ? null : settings, metadata, handle?.PluginKeys ?? NoKeys);
        RefuseWaitOfNothing(s, entry);
        if (entry.OnError == FailurePolicy.Allow && metadata is { MayBeUnavailable: false })
        {
            notes.Add($"{s.Path}: \"on_error\" has no effect here, because the plugin '{name}' needs nothing that could be unavailable");
        }

        if (timeout is not null && metadata is { MayBeUnavailable: false, RunsInline: true })
        {
            notes.Add($"{s.Path}: \"timeout_ms\" has no effect here, because the plugin '{name}' waits for nothing");
        }

        if (entry.Cache)
        {
            RefuseCacheOfImpure(s, entry);
        }

        Finish(s, settings, handle, hasRead);
        return name.Length == 0 || (enabled && handle is null) ? null : entry;
    }

    // Absent, or from configuration, which keeps {} as an absent or empty value.
    private static SettingsNode SettingsOf(GuardrailSettings s) =>
        s.Node("settings", "object") is { } node && node is not { IsLoose: true, Kind: SettingsNodeKind.String, Text: "" }
            ? node
            : new SettingsNode { Kind = SettingsNodeKind.Object, Path = SettingsNodeParser.Child(s.Path, "settings") };

    private static IReadOnlyList<GuardrailStage> Stages(
        GuardrailSettings s,
        EntryAliases aliases,
        GuardrailPluginMetadata? metadata,
        bool enabled)
    {
        var problems = s.Problems.Count;
        var stages = aliases.Stages(metadata);
        if (stages is null)
        {
            return metadata?.DefaultStages ?? [];
        }

        if (stages.Count == 0 && enabled && s.Problems.Count == problems)
        {
            s.Problem("stage", "names no stage: switch the entry off with \"enabled\": false instead");
        }

        if (stages.Count == 0)
        {
            // A problem was told; the default stages keep the rest of the document checkable.
            return metadata?.DefaultStages ?? [];
        }

        if (metadata is not null)
        {
            foreach (var stage in stages.Except(metadata.Stages))
            {
                var supported = string.Join(", ", metadata.Stages.Select(Word));
                s.Problem("stage", $"the plugin '{metadata.Name}' does not run at {Word(stage)}: it runs at {supported}");
            }

            foreach (var missing in metadata.RequiredStages.Except(stages))
            {
                s.Problem("stage", $"the plugin '{metadata.Name}' does nothing without {Word(missing)}: expected that stage too");
            }
        }

        return [.. stages.Order()];
    }

    /// <summary>What an evaluator makes of a text may depend on more than the text; then a remembered result could be wrong.</summary>
    private static void RefuseCacheOfImpure(GuardrailSettings s, PolicyEntry entry)
    {
        if (entry.Evaluator is null)
        {
            return;
        }

        var impure = entry.Stages.Where(stage => entry.Evaluator is not ISegmentEvaluator evaluator || !evaluator.IsPurePerSegment(stage)).ToArray();
        if (impure.Length > 0)
        {
            var where = entry.Evaluator is ISegmentEvaluator ? $" at {string.Join(", ", impure.Select(Word))} with these settings" : "";
            s.Problem("cache", $"the plugin '{entry.Plugin}' does not judge every text by itself{where}, so no result can be used again");
        }
    }

    private static void RefuseWaitOfNothing(GuardrailSettings s, PolicyEntry entry)
    {
        if (entry.Evaluator is ISpanEvaluator spans && entry.Streaming.HeadMaxMs != StreamingOptions.Default.HeadMaxMs && !StreamPlan.MayBlock(spans))
        {
            s.Problem("streaming", $"{HeadMax}: the plugin '{entry.Plugin}' blocks no answer with these settings, so nothing waits for it");
        }
    }

    private static string Word(GuardrailStage stage) => Array.Find(PolicyWords.Stages, word => word.Value == stage).Key;

    private static StreamingOptions Streaming(GuardrailSettings s, GuardrailPluginMetadata? metadata, IReadOnlyCollection<GuardrailStage> stages)
    {
        var problems = s.Problems.Count;
        var defaults = StreamingOptions.Default;
        var options = new StreamingOptions
        {
            Mode = s.Choice("mode", defaults.Mode, PolicyWords.StreamingModes),
            HeadChars = s.Int32("head_chars", defaults.HeadChars, 1, 1_000_000),
            HeadMaxMs = s.Int32(HeadMax, defaults.HeadMaxMs, 1, MaxTimeoutMs),
            MinChars = s.Int32("min_chars", defaults.MinChars, 1, 1_000_000),
            MaxHoldMs = s.Int32("max_hold_ms", defaults.MaxHoldMs, 1, MaxTimeoutMs),
            MaxWindowChars = s.Int32("max_window_chars", defaults.MaxWindowChars, 256, 16_777_216),
        };
        if (options.MinChars > options.MaxWindowChars)
        {
            s.Problem("min_chars", $"{options.MinChars} is more than max_window_chars, which is {options.MaxWindowChars}");
        }

        if (metadata is not null && s.Problems.Count == problems)
        {
            RefuseStreamingOfNothing(s, metadata, stages, options.Mode);
        }

        return options;
    }

    /// <summary>A cadence where nothing keeps one would be a setting that nothing honours.</summary>
    private static void RefuseStreamingOfNothing(
        GuardrailSettings s,
        GuardrailPluginMetadata metadata,
        IReadOnlyCollection<GuardrailStage> stages,
        string? mode)
    {
        var reason = (metadata.Needs & GuardrailNeeds.Content) == 0 || metadata.Streaming == GuardrailStreaming.None ? "judges no text"
            : !stages.Contains(GuardrailStage.PreResponse) ? "does not run at pre_response here"
            : null;
        foreach (var key in (string[])["mode", .. CadenceKeys])
        {
            if (s.Has(key) && reason is not null)
            {
                s.Problem(key, $"the plugin '{metadata.Name}' {reason}, so there is no stream to judge");
            }
        }

        if (reason is not null)
        {
            return;
        }

        var isSpan = metadata.Streaming == GuardrailStreaming.Span;
        if (mode == (isSpan ? "head" : "incremental"))
        {
            s.Problem("mode", isSpan
                ? $"the plugin '{metadata.Name}' judges by rules of finite reach: expected \"incremental\" or \"buffer\""
                : $"the plugin '{metadata.Name}' judges text as a whole: expected \"head\" or \"buffer\"");
        }

        foreach (var key in CadenceKeys)
        {
            // The status line waits for rules of finite reach too, as long as they may block.
            if (s.Has(key) && (mode == "buffer" || (isSpan && key != HeadMax)))
            {
                s.Problem(key, isSpan && mode != "buffer"
                    ? $"the plugin '{metadata.Name}' judges by rules of finite reach and keeps no cadence"
                    : "an answer that is held whole is judged once");
            }
        }
    }

    private void Finish(GuardrailSettings entry, GuardrailSettings? settings, EvaluatorHandle? handle, bool hasRead)
    {
        if (settings is null)
        {
            return;
        }

        // Unread keys are reported after the entry has taken the legacy ones. An evaluator that was there already has been through this.
        if (hasRead)
        {
            settings.ReportUnread();
        }

        entry.Session.Problems.AddRange(settings.Problems);
        foreach (var secret in handle?.Secrets ?? [])
        {
            secrets.Add(new BoundSecretUse(settings.Path + secret.RelativePath, secret));
        }
    }
}
