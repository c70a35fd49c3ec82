using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Settings;

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record InjectionSettings
{
    /// <summary>Longest text of a refusal, in UTF-16 code units.</summary>
    private const int LongestMessage = 1000;

    /// <summary>UTF-16 code units of a wrong value that a message repeats.</summary>
    private const int LongestQuote = 32;

    private static readonly KeyValuePair<string, FindingSeverity>[] Severities =
        [new("low", FindingSeverity.Low), new("medium", FindingSeverity.Medium), new("high", FindingSeverity.High),
            new("critical", FindingSeverity.Critical)];

    public required IReadOnlyList<TypeScope> Scopes { get; init; }

    public required IReadOnlyList<CustomInjection> Custom { get; init; }

    public required InjectionAction Action { get; init; }

    public required SqlDialects Dialects { get; init; }

    /// <summary>Least sum of the scores of different rules that leads to the action; 0 when any rule does.</summary>
    public required int AnomalyThreshold { get; init; }

    /// <summary>Rules below it are not looked at.</summary>
    public required FindingSeverity LeastSeverity { get; init; }

    public required Replacement Replacement { get; init; }

    /// <summary>UTF-8 of the replacement, for the search for a fixed point.</summary>
    public required byte[] ReplacementUtf8 { get; init; }

    /// <summary>Texts that stand in the system prompt and nowhere else.</summary>
    public required IReadOnlyList<string> Canaries { get; init; }

    /// <summary>Share of the system prompt, from 0 to 1, whose words in an answer count as a leak.</summary>
    public required double LeakSimilarity { get; init; }

    public int? StatusCode { get; init; }

    public string? Message { get; init; }

    public bool Has(InjectionType type) => Scopes.Any(s => s.Type == type);

    /// <summary>The types that are looked for in a segment.</summary>
    public TypeSet TypesFor(SegmentRole role, SegmentKind kind)
    {
        var types = default(TypeSet);
        for (var i = 0; i < Scopes.Count; i++)
        {
            if (Scopes[i].Type != InjectionType.SystemPromptLeak && Scopes[i].Includes(role, kind))
            {
                types = types.With(Scopes[i].Type);
            }
        }

        // Whatever role or kind nobody knows may be a user's message.
        return (role == SegmentRole.User || !role.IsKnown) && (kind == SegmentKind.Message || !kind.IsKnown) ? types.AsSaid() : types;
    }

    public static InjectionSettings Read(GuardrailSettings settings)
    {
        var canaries = ReadCanaries(settings);
        var action = settings.Choice("action", InjectionAction.Block, KeyValuePair.Create("block", InjectionAction.Block),
            KeyValuePair.Create("sanitize", InjectionAction.Sanitize), KeyValuePair.Create("flag", InjectionAction.Flag));
        var (replacement, utf8) = ReadReplacement(settings);
        var message = settings.OptionalString("error_message");
        if (message?.Length > LongestMessage)
        {
            settings.Problem("error_message", $"expected at most {LongestMessage} characters");
        }

        var least = settings.Choice("min_severity", FindingSeverity.Low, Severities);
        var scopes = TypeScopes.Read(settings, canaries.Count > 0, least);
        var custom = settings.List("custom_injections", CustomInjection.Read);
        if (scopes.Count == 0 && custom.Count == 0)
        {
            settings.Problem("predefined_injections", "switch every type off and there are no custom_injections: nothing would be looked for");
        }

        var read = new InjectionSettings
        {
            Scopes = scopes,
            Custom = custom,
            Action = action,
            Dialects = ReadDialects(settings),
            AnomalyThreshold = ReadThreshold(settings, action),
            LeastSeverity = least,
            Replacement = replacement,
            ReplacementUtf8 = utf8,
            Canaries = canaries,
            LeakSimilarity = settings.Number("leak_similarity", 0.5, 0.1, 1),
            StatusCode = settings.OptionalInt32("status_code", 400, 599),
            Message = message,
        };
        RefuseIdle(settings, action, scopes, least);
        return read;
    }

    // Under "sanitize" a refusal is what remains where nothing can be taken out.
    private static void RefuseIdle(GuardrailSettings settings, InjectionAction action, IReadOnlyList<TypeScope> scopes, FindingSeverity least)
    {
        settings.RefuseIdle(action == InjectionAction.Flag, "when \"action\" is \"flag\"", "status_code", "error_message");
        settings.RefuseIdle(action != InjectionAction.Sanitize, "unless \"action\" is \"sanitize\"", "sanitize_with");
        settings.RefuseIdle(scopes.All(static s => s.Type != InjectionType.Sql), "without the type \"sql\"", "sql_dialects");
        settings.RefuseIdle(
            scopes.All(static s => s.Type != InjectionType.SystemPromptLeak), "without the type \"system_prompt_leak\" or \"canaries\"",
                "leak_similarity");
        settings.RefuseIdle(
            least == FindingSeverity.Critical, "when \"min_severity\" is \"critical\", which only \"canaries\" are", "leak_similarity");
        settings.RefuseIdle(least > CustomInjection.Severity, "when \"min_severity\" is above \"high\", which is what they are", "custom_injections");
        settings.RefuseEmpty("error_message", "canaries", "sql_dialects");
    }

    private static int ReadThreshold(GuardrailSettings settings, InjectionAction action)
    {
        var scoring = settings.Object("scoring");
        var isAnomaly = scoring.Choice("mode", false, KeyValuePair.Create("first_hit", false), KeyValuePair.Create("anomaly", true));
        var threshold = scoring.Int32("threshold", 5, 1, 1000);
        scoring.RefuseIdle(isAnomaly && action == InjectionAction.Flag, "when \"action\" is \"flag\", which every hit leads to", "mode", "threshold");
        scoring.RefuseIdle(!isAnomaly, "unless \"mode\" is \"anomaly\"", "threshold");
        return isAnomaly ? threshold : 0;
    }

    private static (Replacement Replacement, byte[] Utf8) ReadReplacement(GuardrailSettings settings)
    {
        var text = settings.String("sanitize_with", "[REMOVED]");
        if (text.Length > LongestMessage)
        {
            settings.Problem("sanitize_with", $"expected at most {LongestMessage} characters");
        }

        return (Replacement.Literal(text), System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static List<string> ReadCanaries(GuardrailSettings settings)
    {
        var canaries = new List<string>();
        var texts = settings.Strings("canaries");
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length is < 8 or > 256)
            {
                settings.Problem("canaries", i, "expected 8 to 256 characters, so that it stands nowhere by chance");
            }

            canaries.Add(texts[i]);
        }

        if (texts.Distinct(StringComparer.Ordinal).Count() < texts.Count)
        {
            settings.Problem("canaries", "names one text twice: expected different ones");
        }

        return canaries;
    }

    private static SqlDialects ReadDialects(GuardrailSettings settings)
    {
        var dialects = SqlDialects.None;
        var names = settings.Strings("sql_dialects");
        for (var i = 0; i < names.Count; i++)
        {
            var dialect = names[i] switch
            {
                "generic" => SqlDialects.Generic,
                "mysql" => SqlDialects.MySql,
                "postgresql" => SqlDialects.PostgreSql,
                "sqlserver" => SqlDialects.SqlServer,
                "oracle" => SqlDialects.Oracle,
                "sqlite" => SqlDialects.Sqlite,
                _ => SqlDialects.None,
            };
            if (dialect == SqlDialects.None)
            {
                var found = names[i].Length > LongestQuote ? names[i][..LongestQuote] + "..." : names[i];
                settings.Problem("sql_dialects", i,
                    $"expected one of \"generic\", \"mysql\", \"postgresql\", \"sqlserver\", \"oracle\", \"sqlite\", found \"{found}\"");
            }

            dialects |= dialect;
        }

        settings.RefuseRepeated("sql_dialects", names);
        return dialects == SqlDialects.None ? SqlDialects.All : dialects;
    }
}
