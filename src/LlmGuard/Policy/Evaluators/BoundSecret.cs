namespace LlmGuard.Policy.Evaluators;

/// <summary>A secret and where it is sent.</summary>
/// <param name="RelativePath">Where it stands, below the entry's settings.</param>
/// <param name="Reference">The name of the <c>$secret</c>, or null when the document holds the value.</param>
/// <param name="Identity">Equal for equal secrets: the reference, or a hash of the value under a key of this process. Not for logs.</param>
/// <param name="Destination">Scheme, host and port, or null when the plugin does not say.</param>
internal sealed record BoundSecret(string RelativePath, string? Reference, string Identity, string? Destination);

/// <summary>A secret at its place in a document.</summary>
internal sealed record BoundSecretUse(string Path, BoundSecret Secret);
