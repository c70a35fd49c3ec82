namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary>Which names of the service may be recorded and shown: plain identifiers. Anything else might quote.</summary>
internal static class DetectionNames
{
    private const int MaxLength = 64;

    public static string Of(string? name) =>
        name is { Length: > 0 and <= MaxLength } && char.IsAsciiLetter(name[0])
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? name.ToLowerInvariant()
            : "other";
}
