namespace LlmGuard.Http.Json;

/// <summary>What the events of one streamed answer share. Not safe for concurrent use.</summary>
internal sealed class JsonStreamState
{
    /// <summary>
    /// Adds what only the whole stream shows (tool arguments, assembled from their fragments), after the last event was read. Leaving it out
    /// leaves them uninspected. Returns why not, or null.
    /// </summary>
    public GuardrailFailure? Complete(GuardrailContentBuilder builder) => throw new NotSupportedException();

    /// <summary>
    /// Distributes edits of what <see cref="Complete"/> added over the events; call it once with all edits of the content, before the events'
    /// own <see cref="JsonBody.Rewrite"/>. Returns why not, or null.
    /// </summary>
    public GuardrailFailure? Distribute(IReadOnlyList<TextEdit> edits) => throw new NotSupportedException();
}
