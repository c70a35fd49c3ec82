namespace LlmGuard.Plugins.NeuralTrustGuardrail.Settings;

/// <summary>What the firewall is asked; null for a check that is off. At least one is on.</summary>
/// <param name="Jailbreak">From which score a jailbreak counts.</param>
/// <param name="Toxicity">From which score toxicity counts.</param>
/// <param name="Moderation">The topics.</param>
internal sealed record FirewallChecks(double? Jailbreak, double? Toxicity, TopicModeration? Moderation)
{
    private const double DefaultThreshold = 0.5;

    /// <summary>Reads the checks.</summary>
    /// <param name="settings">The entry's settings.</param>
    /// <param name="isRequired">Whether one must be on.</param>
    public static FirewallChecks Read(GuardrailSettings settings, bool isRequired)
    {
        var checks = new FirewallChecks(
            Threshold(settings, "jailbreak"),
            Threshold(settings, "toxicity"),
            ReadModeration(settings));
        if (isRequired && checks is { Jailbreak: null, Toxicity: null, Moderation: null })
        {
            settings.Problem(null, "asks nothing: at least one of \"jailbreak\", \"toxicity\" and \"moderation\" must be given and enabled");
        }

        return checks;
    }

    private static double? Threshold(GuardrailSettings settings, string key)
    {
        var check = settings.Object(key);
        var enabled = check.Boolean("enabled", settings.Has(key));
        var threshold = ReadThreshold(check, "threshold");
        return enabled ? threshold : null;
    }

    private static double ReadThreshold(GuardrailSettings check, string key)
    {
        var threshold = check.Number(key, DefaultThreshold, 0, 1);
        if (threshold == 0)
        {
            check.Problem(key, "would block everything: scores are compared with \">=\", so give a number above 0");
        }

        return threshold;
    }

    private static TopicModeration? ReadModeration(GuardrailSettings settings)
    {
        var check = settings.Object("moderation");
        var enabled = check.Boolean("enabled", settings.Has("moderation"));
        var threshold = ReadThreshold(check, "threshold");
        check.Choice("deny_topic_action", true, KeyValuePair.Create("block", true));
        var topics = check.Strings("topics");
        var thresholds = check.Map("thresholds", item => ReadThreshold(item, "value")).ToDictionary(StringComparer.Ordinal);
        if (topics.Any(string.IsNullOrWhiteSpace) || topics.Distinct(StringComparer.Ordinal).Count() != topics.Count)
        {
            check.Problem("topics", "expected different names");
        }

        foreach (var topic in thresholds.Keys.Where(t => !topics.Contains(t, StringComparer.Ordinal)))
        {
            check.Problem("thresholds", $"has a threshold for \"{topic}\", which \"topics\" leaves out");
        }

        if (!enabled)
        {
            return null;
        }

        check.RefuseIdle(
            topics.Count > 0 && topics.All(topic => thresholds.ContainsKey(topic)), "where \"thresholds\" has one for every topic", "threshold");
        check.RefuseEmpty("thresholds");
        if (topics.Count == 0)
        {
            check.Problem("topics", "is required: the topics that are refused");
        }

        return new TopicModeration(topics.Distinct(StringComparer.Ordinal).ToDictionary(
            t => t,
            t => thresholds.GetValueOrDefault(t, threshold),
            StringComparer.Ordinal));
    }
}

/// <summary>The topics that are refused, and from which probability.</summary>
/// <param name="Thresholds">Topic to threshold.</param>
internal sealed record TopicModeration(IReadOnlyDictionary<string, double> Thresholds);
