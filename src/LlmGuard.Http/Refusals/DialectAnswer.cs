using System.Text.Json;

namespace LlmGuard.Http.Refusals;

/// <summary>An answer in the words of a dialect: an error, or a completion that refuses.</summary>
/// <param name="ContentType">The content type.</param>
/// <param name="Body">The body.</param>
internal sealed record DialectAnswer(string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Headers by which the dialect's clients tell errors apart.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>An answer in JSON.</summary>
    public static DialectAnswer Json(Action<Utf8JsonWriter> write) => new("application/json", JsonText.Write(write));
}
