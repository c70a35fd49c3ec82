using System.Globalization;
using LlmGuard.Planning;

namespace LlmGuard.Policy;

/// <summary>Refuses entries whose limit of JSON nesting never comes to pass, because bodies are refused before they are so deep.</summary>
internal static class DepthCheck
{
    /// <summary>Looks at every entry of a document.</summary>
    public static void Refuse(PolicyDocument document, ICollection<SettingsProblem> problems)
    {
        var gateway = document.Gateway.Options.MaxDepth ?? PlanLimits.Default.MaxDepth;
        var services = document.Services.ToLookup(static s => s.Name, static s => s.Options.MaxDepth, StringComparer.Ordinal);

        // Of a service that is there twice something else tells.
        int OfService(string? id) => (id is null ? null : services[id].FirstOrDefault()) ?? gateway;
        int OfRule(RuleLevel rule) => rule.Options.MaxDepth ?? OfService(rule.ServiceId);

        // Where an entry counts in several scopes, one of them is enough.
        var deepest = document.Services.Select(s => OfService(s.Name)).Concat(document.Rules.Select(OfRule)).Append(gateway).Max();
        foreach (var level in document.Levels())
        {
            var limit = level is RuleLevel own ? OfRule(own) : deepest;
            foreach (var entry in level.Entries)
            {
                if (entry.Evaluator is IBodyLimits { MaxJsonDepth: { } depth } && depth > limit)
                {
                    problems.Add(new SettingsProblem(
                        SettingsNodeParser.Child(entry.Path, "settings"),
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"a limit of {depth} levels of JSON has no effect: expected at most {limit}, or a higher \"max_depth\" in \"limits\"")));
                }
            }
        }
    }
}
