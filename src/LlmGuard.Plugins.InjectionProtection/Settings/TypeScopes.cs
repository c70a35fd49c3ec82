using LlmGuard.Plugins.InjectionProtection.Rules;

namespace LlmGuard.Plugins.InjectionProtection.Settings;

/// <summary>Reads the setting <c>predefined_injections</c>.</summary>
internal static class TypeScopes
{
    private const string Every = "all";

    private static readonly KeyValuePair<string, InjectionType>[] Names =
    [
        new("sql", InjectionType.Sql), new("nosql", InjectionType.NoSql), new("command", InjectionType.Command), new("path", InjectionType.Path),
        new("ldap", InjectionType.Ldap), new("xml", InjectionType.Xml), new("ssrf", InjectionType.Ssrf), new("file", InjectionType.File),
        new("template", InjectionType.Template), new("xpath", InjectionType.Xpath),
            new("header", InjectionType.Header), new("xss", InjectionType.Xss),
        new("prompt_injection", InjectionType.PromptInjection), new("jailbreak", InjectionType.Jailbreak),
        new("indirect_injection", InjectionType.IndirectInjection), new("system_prompt_leak", InjectionType.SystemPromptLeak),
    ];

    private static readonly SegmentRole[] Roles = [SegmentRole.System, SegmentRole.User, SegmentRole.Assistant, SegmentRole.Tool];

    private static readonly SegmentKind[] Kinds =
    [
        SegmentKind.Message, SegmentKind.ToolCall, SegmentKind.ToolResult, SegmentKind.ToolDefinition, SegmentKind.Reasoning, SegmentKind.Refusal,
        SegmentKind.Document,
        SegmentKind.Error, SegmentKind.Key, SegmentKind.Header, SegmentKind.Path, SegmentKind.Query, SegmentKind.Metadata,
    ];

    /// <summary>Kinds of segments that never have a role, so that they satisfy every filter of roles.</summary>
    private static readonly SegmentKind[] RoleLess = [SegmentKind.Header, SegmentKind.Path, SegmentKind.Query];

    /// <summary>The types that have no rule of the highest severity.</summary>
    public static readonly IReadOnlyCollection<InjectionType> NeverCritical =
    [
        InjectionType.NoSql, InjectionType.Path, InjectionType.Ldap, InjectionType.Ssrf, InjectionType.File, InjectionType.Header,
        InjectionType.Xpath, InjectionType.Jailbreak,
    ];

    /// <summary>The name of a type, as in policies and findings.</summary>
    public static string NameOf(InjectionType type) => type == InjectionType.Custom ? "custom" : Names[(int)type].Key;

    /// <param name="settings">The settings.</param>
    /// <param name="hasCanaries">Whether texts are given whose leak is looked for, which switches that type on.</param>
    /// <param name="least">The severity below which rules do not count.</param>
    public static IReadOnlyList<TypeScope> Read(GuardrailSettings settings, bool hasCanaries, FindingSeverity least)
    {
        var given = settings.List("predefined_injections", ReadOne);
        settings.RefuseEmpty("predefined_injections");
        settings.RefuseRepeated("predefined_injections", given.Select(static g => g.Name));
        foreach (var idle in given.Where(g => least == FindingSeverity.Critical && g is { IsEnabled: true, Type: { } type }
            && (NeverCritical.Contains(type) || (type == InjectionType.SystemPromptLeak && !hasCanaries))))
        {
            settings.Problem("predefined_injections", $"names \"{idle.Name}\", which has no rule as grave as \"min_severity\"");
        }

        var isEvery = given.Count == 0 || given.Any(g => g is { Type: null, IsEnabled: true });
        var scopes = new List<TypeScope>();
        foreach (var (_, type) in Names)
        {
            // A type that is named counts for more than all of them.
            var named = given.FirstOrDefault(g => g.Type == type);
            if (named is { IsEnabled: true })
            {
                scopes.Add(new TypeScope(type, named.Roles, named.Kinds));
            }
            else if (named is null && (isEvery && type != InjectionType.SystemPromptLeak || (type == InjectionType.SystemPromptLeak && hasCanaries)))
            {
                scopes.AddRange(TypeScope.Default(type));
            }
        }

        return scopes;
    }

    private static Given ReadOne(GuardrailSettings settings)
    {
        var name = settings.RequiredString("type");
        var index = Array.FindIndex(Names, n => n.Key == name);
        if (index < 0 && name != Every && name.Length > 0)
        {
            settings.Problem("type", $"expected one of {string.Join(", ", Names.Select(n => $"\"{n.Key}\""))}, \"{Every}\"");
        }

        var roles = ReadWords(settings, "roles", Roles.Select(r => r.Value).ToArray()).Select(r => new SegmentRole(r)).ToArray();
        var kinds = ReadWords(settings, "kinds", Kinds.Select(k => k.Value).ToArray()).Select(k => new SegmentKind(k)).ToArray();
        settings.RefuseEmpty("roles", "kinds");
        settings.RefuseIdle(kinds.Length > 0 && kinds.All(RoleLess.Contains),
            "on \"header\", \"path\" and \"query\", which are nobody's words", "roles");
        settings.RefuseIdle(index < 0, $"on \"{Every}\": give it to the types that it is for", "roles", "kinds");
        return new Given(
            name, index < 0 ? null : Names[index].Value, settings.Boolean("enabled", true) && (index >= 0 || name == Every), roles, kinds);
    }

    private static List<string> ReadWords(GuardrailSettings settings, string key, string[] known)
    {
        var words = settings.Strings(key);
        for (var i = 0; i < words.Count; i++)
        {
            if (!known.Contains(words[i], StringComparer.Ordinal))
            {
                settings.Problem(key, i, $"expected one of {string.Join(", ", known.Select(k => $"\"{k}\""))}");
            }
        }

        return [.. words];
    }

    private sealed record Given(string Name, InjectionType? Type, bool IsEnabled, IReadOnlyList<SegmentRole> Roles, IReadOnlyList<SegmentKind> Kinds);
}
