using System.Collections.Immutable;
using LlmGuard.Planning;

namespace LlmGuard.Policy;

/// <summary>A policy document, normalised: aliases resolved, defaults of the document filled in, legacy forms gone. Immutable.</summary>
internal sealed record PolicyDocument
{
    /// <summary>The broadest level; always present, possibly without entries.</summary>
    public required PolicyLevel Gateway { get; init; }

    public ImmutableArray<PolicyLevel> Services { get; init; } = [];

    public ImmutableArray<RuleLevel> Rules { get; init; } = [];

    public ImmutableArray<PolicyLevel> ConsumerGroups { get; init; } = [];

    public ImmutableArray<ConsumerLevel> Consumers { get; init; } = [];

    public IdentityPolicy Identity { get; init; } = IdentityPolicy.Default;

    /// <summary>Whether a document without any entry is meant that way.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>Hash of the normalised document with secrets unresolved: equal documents have equal revisions, whatever their layout.</summary>
    public required string Revision { get; init; }

    /// <summary>What explain tells about legacy keys: <c>no effect here</c>, and which kind a bare document was taken for.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>A level that owns entries: the gateway, a service or a consumer group; base of the others.</summary>
internal record PolicyLevel
{
    /// <summary><c>gateway</c>, <c>service</c>, <c>rule</c>, <c>consumer_group</c> or <c>consumer</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The gateway's, group's or consumer's name, the service's id, the rule's path.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands in the document.</summary>
    public required string Path { get; init; }

    public ImmutableArray<PolicyEntry> Entries { get; init; } = [];

    /// <summary>Dialect, limits and so on; keys that are not given are null and inherited.</summary>
    public LevelOptions Options { get; init; } = LevelOptions.None;
}

/// <summary>A route.</summary>
internal sealed record RuleLevel : PolicyLevel
{
    /// <summary>Exact, with <c>*</c> or <c>{parameter}</c> segments, or with a trailing <c>/*</c> for any depth.</summary>
    public required string Pattern { get; init; }

    /// <summary>Methods in upper case; empty means all.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    public string? ServiceId { get; init; }

    public bool Active { get; init; } = true;

    public bool StripPath { get; init; }
}

/// <summary>A consumer.</summary>
internal sealed record ConsumerLevel : PolicyLevel
{
    /// <summary>The groups it belongs to, in the order in which they apply.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];
}

/// <summary>Keys that gateway, service and rule share; null where not given. Narrower wins key by key.</summary>
internal sealed record LevelOptions
{
    public static LevelOptions None { get; } = new();

    public string? Dialect { get; init; }

    public bool? DenyWithCompletion { get; init; }

    public long? MaxBodyBytes { get; init; }

    public int? MaxDepth { get; init; }

    public int? MaxSegments { get; init; }

    public int? MaxFindings { get; init; }

    public int? MaxInflateRatio { get; init; }

    public int? MaxHeldBytes { get; init; }

    public ImmutableDictionary<UninspectedKind, UninspectedAction> Uninspected { get; init; } =
        ImmutableDictionary<UninspectedKind, UninspectedAction>.Empty;
}

/// <summary>One entry of a level. Entry keys that the document leaves out are null and take the plugin's default.</summary>
internal sealed record PolicyEntry
{
    /// <summary>Where it stands in the document.</summary>
    public required string Path { get; init; }

    /// <summary>The plugin's identifier.</summary>
    public required string Plugin { get; init; }

    /// <summary>The explicit id, or null.</summary>
    public string? Id { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>The stages: those given, or the plugin's default ones. Empty only for a disabled entry whose plugin is not installed.</summary>
    public ImmutableArray<GuardrailStage> Stages { get; init; } = [];

    public int Priority { get; init; }

    public bool Parallel { get; init; }

    public EntryMode Mode { get; init; }

    public FailurePolicy OnError { get; init; }

    public TimeSpan Timeout { get; init; }

    public bool Locked { get; init; }

    /// <summary>Whether texts in which it finds nothing are remembered and not judged again.</summary>
    public bool Cache { get; init; }

    public EntryFilter Filter { get; init; } = EntryFilter.Everything;

    /// <summary>The seams it applies to; empty means all.</summary>
    public ImmutableArray<GuardrailSeam> Seams { get; init; } = [];

    public string? Message { get; init; }

    public int? StatusCode { get; init; }

    public StreamingOptions Streaming { get; init; } = StreamingOptions.Default;

    /// <summary>
    /// The normalised settings as canonical JSON with secrets unresolved: entries equal in plugin, stages and this run once. A disabled entry
    /// has <c>{}</c>.
    /// </summary>
    public required string Settings { get; init; }

    /// <summary>The evaluator made from the settings; null only for an entry that is not enabled.</summary>
    public IGuardrailEvaluator? Evaluator { get; init; }

    /// <summary>The plugin's metadata; null only for an entry that is not enabled and whose plugin is not installed.</summary>
    public GuardrailPluginMetadata? Metadata { get; init; }

    /// <summary>Names plugin and place; settings hold patterns, which no log may show.</summary>
    public override string ToString() => $"{Plugin} at {Path}";
}

/// <summary>How callers are identified.</summary>
internal sealed record IdentityPolicy
{
    public static IdentityPolicy Default { get; } = new();

    /// <summary>Claims that name the consumer; the first one present counts.</summary>
    public ImmutableArray<string> ConsumerClaims { get; init; } = ["client_id", "sub"];

    /// <summary>Claims that name groups; all values of all of them count, in claim order.</summary>
    public ImmutableArray<string> GroupClaims { get; init; } = ["groups"];

    /// <summary>The header that names the consumer because something in front sets it, or null.</summary>
    public string? TrustedConsumerHeader { get; init; }

    /// <summary>The header that lists groups, comma-separated, or null.</summary>
    public string? TrustedGroupsHeader { get; init; }

    /// <summary>Whether callers without identity are refused rather than guarded by gateway, service and rule only.</summary>
    public bool RefuseUnidentified { get; init; }
}
