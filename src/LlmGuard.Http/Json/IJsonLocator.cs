namespace LlmGuard.Http.Json;

/// <summary>Finds the tokens of a JSON text, strictly.</summary>
internal interface IJsonLocator
{
    /// <summary>Reads a whole text.</summary>
    /// <param name="json">The text: exactly one value with white space around it, no byte order mark.</param>
    /// <param name="maxDepth">Deepest nesting that passes; 1 is a flat object.</param>
    /// <param name="maxTokens">Most tokens that pass.</param>
    /// <param name="tape">An empty tape, which gets the tokens; its content is meaningless unless the result is
    /// <see cref="JsonLocateStatus.Ok"/> or <see cref="JsonLocateStatus.Ambiguous"/>.</param>
    JsonLocateStatus Locate(ReadOnlySpan<byte> json, int maxDepth, int maxTokens, JsonTape tape);
}
