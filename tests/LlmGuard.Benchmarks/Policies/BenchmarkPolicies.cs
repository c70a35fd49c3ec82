namespace LlmGuard.Benchmarks.Policies;

/// <summary>The policies that are measured.</summary>
internal static class BenchmarkPolicies
{
    /// <summary>No entry at all: what the seam itself costs.</summary>
    public const string Empty = """{ "allow_empty": true }""";

    public const string MaskAll = """{ "gateway": { "required_plugins": [ { "name": "data_masking", "settings": { "apply_all": true } } ] } }""";

    /// <summary>Masking of answers.</summary>
    public const string MaskAnswers =
        """{ "gateway": { "required_plugins": [ { "name": "data_masking", "stage": "pre_response", "settings": { "apply_all": true } } ] } }""";

    /// <summary>All local guardrails that read text, none of which finds anything in prose.</summary>
    public static string AllLocal(bool cache) => $$"""
        { "gateway": { "required_plugins": [
          { "name": "data_masking", {{Cache(cache)}} "settings": { "apply_all": true } },
          { "name": "injection_protection", {{Cache(cache)}} "settings": { "predefined_injections": [{ "type": "sql" }, { "type": "xss" }, { "type": "command" }, { "type": "prompt_injection" }, { "type": "jailbreak" }] } },
          { "name": "code_sanitation", {{Cache(cache)}} "settings": { "action": "block" } },
          { "name": "prompt_moderation", {{Cache(cache)}} "settings": { "keywords": ["zorvik", "malquo"], "actions": { "type": "block" } } }
        ] } }
        """;

    /// <summary>Masking of all entities.</summary>
    public static string MaskConversation(bool cache) =>
        $$"""{ "gateway": { "required_plugins": [ { "name": "data_masking", {{Cache(cache)}} "settings": { "apply_all": true } } ] } }""";

    /// <summary>Masking of one entity.</summary>
    public static string Mask(string entity) =>
        $$"""{ "gateway": { "required_plugins": [ { "name": "data_masking", "settings": { "predefined_entities": [ { "entity": "{{entity}}", "enabled": true } ] } } ] } }""";

    /// <summary>The policy of the runnable example: size limits, moderation and masking of both directions.</summary>
    public static string Example { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policy.json"));

    private static string Cache(bool cache) => cache ? "\"cache\": true," : "";

    /// <summary>So many entries that do nothing.</summary>
    public static string Nothing(int entries, string plugin) => entries == 0
        ? Empty
        : $$"""{ "gateway": { "required_plugins": [ {{string.Join(",", Enumerable.Range(0, entries).Select(i => $$"""{ "name": "{{plugin}}", "id": "n{{i}}", "settings": { "number": {{i}} } }"""))}} ] } }""";

    /// <summary>The given local plugins as they come; moderation has no keywords of its own.</summary>
    public static string Local(IReadOnlyCollection<string> plugins, IEnumerable<string> keywords)
    {
        var entries = plugins.Select(p => $$"""{ "name": "{{p}}", "settings": {{Settings(p)}} }""");
        return plugins.Count == 0 ? Nothing(1, "nothing") : $$"""{ "gateway": { "required_plugins": [ {{string.Join(",", entries)}} ] } }""";

        string Settings(string plugin) => plugin switch
        {
            "data_masking" => """{ "apply_all": true }""",
            "prompt_moderation" => $$"""{ "keywords": [ {{string.Join(",", keywords.Select(k => $"\"{k}\""))}} ], "actions": { "type": "block" } }""",
            _ => "{}",
        };
    }

    /// <summary>Moderation that blocks on keywords of at least some similarity, from 0.1 to 1; 1 is exact up to case and look-alikes.</summary>
    public static string Moderate(IEnumerable<string> keywords, double similarity) => FormattableString.Invariant(
        $$"""{ "gateway": { "required_plugins": [ { "name": "prompt_moderation", "settings": { "keywords": [ {{string.Join(",", keywords.Select(k => $"\"{k}\""))}} ], "similarity_threshold": {{similarity}}, "actions": { "type": "block" } } } ] } }""");
}
