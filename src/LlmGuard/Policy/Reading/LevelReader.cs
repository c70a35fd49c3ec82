using System.Collections.Immutable;
using LlmGuard.Planning;

namespace LlmGuard.Policy.Reading;

/// <summary>Reads the levels of a document.</summary>
/// <param name="entries">Reads their entries.</param>
/// <param name="notes">Told about legacy keys that have no effect.</param>
/// <param name="bareRules">The paths of rules that are documents of their own.</param>
internal sealed class LevelReader(EntryReader entries, ICollection<string> notes, IReadOnlyCollection<string> bareRules)
{
    public PolicyLevel Gateway(GuardrailSettings s)
    {
        var name = s.String("name", "gateway");
        if (s.Node("subdomain", "string") is { } subdomain)
        {
            notes.Add($"{subdomain.Path}: no effect here");
        }

        return Level(s, "gateway", name) with { Options = Options(s) };
    }

    public PolicyLevel Service(GuardrailSettings s)
    {
        var id = s.RequiredString("id");
        return Level(s, "service", id) with { Options = Options(s) };
    }

    public PolicyLevel ConsumerGroup(GuardrailSettings s) => Level(s, "consumer_group", s.RequiredString("name"));

    public ConsumerLevel Consumer(GuardrailSettings s)
    {
        var name = s.RequiredString("name");
        return new ConsumerLevel
        {
            Kind = "consumer",
            Name = name,
            Path = s.Path,
            Groups = [.. s.Strings("groups").Distinct(StringComparer.Ordinal)],
            Entries = Entries(s, "required_plugins", "consumer", name),
        };
    }

    public RuleLevel Rule(GuardrailSettings s, IReadOnlyCollection<string> services)
    {
        var path = s.RequiredString("path");
        if (s.Has("strip_path"))
        {
            notes.Add($"{SettingsNodeParser.Child(s.Path, "strip_path")}: no effect here; the gateway example honours it");
        }

        return new RuleLevel
        {
            Kind = "rule",
            Name = path,
            Path = s.Path,
            Pattern = path,
            Methods = Methods(s),
            ServiceId = ServiceId(s, services),
            Active = s.Boolean("active", true),
            StripPath = s.Boolean("strip_path", false),
            Entries = Entries(s, "plugin_chain", "rule", path),
            Options = Options(s),
        };
    }

    private static ImmutableArray<string> Methods(GuardrailSettings s)
    {
        var methods = s.Strings("methods");
        if (!methods.All(PolicyWords.IsHttpToken))
        {
            s.Problem("methods", "expected HTTP methods such as \"POST\"");
        }

        return [.. methods.Select(method => method.ToUpperInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private string? ServiceId(GuardrailSettings s, IReadOnlyCollection<string> services)
    {
        var id = s.OptionalString("service_id");
        var isPlaceholder = id is not null && id.StartsWith("{{", StringComparison.Ordinal) && id.EndsWith("}}", StringComparison.Ordinal);
        if (id is null || !(isPlaceholder || (bareRules.Contains(s.Path) && !services.Contains(id))))
        {
            return id;
        }

        var reason = isPlaceholder ? "it is a placeholder" : "no service has this id";
        notes.Add($"{SettingsNodeParser.Child(s.Path, "service_id")}: no effect here, because {reason}");
        return null;
    }

    private PolicyLevel Level(GuardrailSettings s, string kind, string name) =>
        new() { Kind = kind, Name = name, Path = s.Path, Entries = Entries(s, "required_plugins", kind, name) };

    private ImmutableArray<PolicyEntry> Entries(GuardrailSettings s, string key, string kind, string owner) =>
        [.. entries.ReadAll(s, key, kind, owner)];

    private static LevelOptions Options(GuardrailSettings s)
    {
        var dialect = s.OptionalString("dialect");
        if (dialect is not null && !KnownDialects.Ids.Contains(dialect, StringComparer.Ordinal))
        {
            s.Problem("dialect", "unknown dialect: expected one of " + string.Join(", ", KnownDialects.Ids));
        }

        var denyWithCompletion = s.Choice<bool?>("deny_with", null, new("error", false), new("completion", true));
        var limits = s.Object("limits");
        return new LevelOptions
        {
            Dialect = dialect,
            DenyWithCompletion = denyWithCompletion,
            MaxBodyBytes = limits.OptionalInt64("max_body_bytes", 1, Array.MaxLength),
            MaxDepth = limits.OptionalInt32("max_depth", 1, 1024),
            MaxSegments = limits.OptionalInt32("max_segments", 1, 16_777_216),
            MaxFindings = limits.OptionalInt32("max_findings", 1, 16_777_216),
            MaxInflateRatio = limits.OptionalInt32("max_inflate_ratio", 1, 1_000_000),
            MaxHeldBytes = limits.OptionalInt32("max_held_bytes", 1024, 64 * 1024 * 1024),
            Uninspected = Uninspected(s.Object("uninspected")),
        };
    }

    private static ImmutableDictionary<UninspectedKind, UninspectedAction> Uninspected(GuardrailSettings s)
    {
        var actions = ImmutableDictionary.CreateBuilder<UninspectedKind, UninspectedAction>();
        foreach (var (word, kind) in PolicyWords.UninspectedKinds)
        {
            if (s.Choice(word, null, PolicyWords.UninspectedActions) is { } action)
            {
                actions[kind] = action;
            }
        }

        return actions.ToImmutable();
    }
}
