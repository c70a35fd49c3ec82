namespace LlmGuard.Http.Json;

/// <summary>Reads one JSON text into segments: a body, a line, the data of an event, a part.</summary>
internal static class JsonBodyReader
{
    /// <summary>Reads a text strictly (RFC 8259, UTF-8, no duplicate keys, no lone surrogates, no trailing data, no byte order mark).</summary>
    /// <param name="json">The text; stays alive and unchanged while the segments are in use.</param>
    /// <param name="options">How.</param>
    /// <param name="builder">Gets the segments. After a failure it may hold some, and is not to be used on.</param>
    public static JsonReadResult Read(ReadOnlyMemory<byte> json, JsonReadOptions options, GuardrailContentBuilder builder) => throw new NotSupportedException();
}
