namespace LlmGuard;

/// <summary>What the readers of one entry's settings share: problems, secrets in use, and how secrets resolve.</summary>
internal sealed class SettingsSession
{
    public List<SettingsProblem> Problems { get; } = [];

    public List<SecretUse> Secrets { get; } = [];

    /// <summary>Resolves the name of a <c>$secret</c>; null when there is no such secret.</summary>
    public Func<string, string?> ResolveSecret { get; init; } = static _ => null;

    /// <summary>Whether the reads are recorded to make a schema, with no values present: then nothing is ever missing.</summary>
    public bool IsDescribing { get; init; }
}

/// <summary>A secret that a plugin reads and where it says it will send it.</summary>
/// <param name="Path">Where the secret stands in the document.</param>
/// <param name="Reference">The name of the <c>$secret</c>, or null when the document holds the value itself.</param>
/// <param name="Destination">Scheme, host and port it is sent to, or null when the plugin does not say.</param>
internal sealed record SecretUse(string Path, string? Reference, string? Destination);
