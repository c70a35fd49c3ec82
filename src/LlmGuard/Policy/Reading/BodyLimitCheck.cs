using System.Globalization;
using LlmGuard.Planning;

namespace LlmGuard.Policy.Reading;

/// <summary>Finds entries whose limit of bodies never comes to pass, because the policy's own limit refuses such bodies before.</summary>
internal static class BodyLimitCheck
{
    /// <summary>Refuses limits of JSON nesting that nothing reaches.</summary>
    public static void Refuse(PolicyDocument document, ICollection<SettingsProblem> problems)
    {
        foreach (var (entry, limit) in Beyond(document, static l => l.MaxJsonDepth, static o => o.MaxDepth, PlanLimits.Default.MaxDepth))
        {
            problems.Add(new SettingsProblem(
                SettingsNodeParser.Child(entry.Path, "settings"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a limit of {((IBodyLimits)entry.Evaluator!).MaxJsonDepth} levels of JSON has no effect: "
                        + $"expected at most {limit}, or a higher \"max_depth\" in \"limits\"")));
        }
    }

    /// <summary>Warns of limits of bytes that nothing reaches: a limiter's default may be one, which is no mistake.</summary>
    public static void Warn(PolicyDocument document, WarningList warnings)
    {
        foreach (var (entry, limit) in Beyond(document, static l => l.MaxBodyBytes, static o => o.MaxBodyBytes, PlanLimits.Default.MaxBodyBytes))
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Path}: the limit of {((IBodyLimits)entry.Evaluator!).MaxBodyBytes} bytes has no effect, "
                    + $"because bodies of more than {limit} bytes are refused before: lower it, or raise \"max_body_bytes\" in \"limits\""));
        }
    }

    // Where an entry counts in several scopes, one of them is enough.
    private static IEnumerable<(PolicyEntry Entry, long Limit)> Beyond(
        PolicyDocument document,
        Func<IBodyLimits, long?> limitOf,
        Func<LevelOptions, long?> optionOf,
        long byDefault)
    {
        var gateway = optionOf(document.Gateway.Options) ?? byDefault;
        var services = document.Services.ToLookup(static s => s.Name, s => optionOf(s.Options), StringComparer.Ordinal);

        // Of a service that is there twice something else tells.
        long OfService(string? id) => (id is null ? null : services[id].FirstOrDefault()) ?? gateway;
        long OfRule(RuleLevel rule) => optionOf(rule.Options) ?? OfService(rule.ServiceId);

        var largest = document.Services.Select(s => OfService(s.Name)).Concat(document.Rules.Select(OfRule)).Append(gateway).Max();
        foreach (var level in document.Levels())
        {
            var limit = level is RuleLevel own ? OfRule(own) : largest;
            foreach (var entry in level.Entries.Where(e => e.Evaluator is IBodyLimits own && limitOf(own) > limit))
            {
                yield return (entry, limit);
            }
        }
    }
}
