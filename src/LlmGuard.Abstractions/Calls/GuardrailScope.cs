namespace LlmGuard;

/// <summary>What the policy resolved a call to. All names come from the policy, never from the request.</summary>
public sealed record GuardrailScope
{
    /// <summary>The gateway's name.</summary>
    public required string Gateway { get; init; }

    /// <summary>The service's id, or null.</summary>
    public string? Service { get; init; }

    /// <summary>The rule's path pattern, or null when no rule matched.</summary>
    public string? Rule { get; init; }

    /// <summary>
    /// Whether the rule asks a host that forwards to leave out the fixed beginning of its path (<c>strip_path</c>). Guarding is not affected.
    /// </summary>
    public bool StripPath { get; init; }

    /// <summary>The consumer groups that take part, in order.</summary>
    public IReadOnlyList<string> ConsumerGroups { get; init; } = [];

    /// <summary>The consumer's name, or null.</summary>
    public string? Consumer { get; init; }
}
