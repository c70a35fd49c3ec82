namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>openai.embeddings</c>.</summary>
internal static class OpenAiEmbeddingsLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request input (string | string[])"] =
            [new("""{"model":"m","input":"@"}""", "user", "message"), new("""{"model":"m","input":["x","@"]}""", "user", "message")],
        ["request input (int[] | int[][])"] =
        [
            new("""{"input":[1,2]}""", "user", "message", Fate.Reported) { Uninspected = UninspectedKind.TokenIds },
            new("""{"input":[[1],[2,3]]}""", "user", "message", Fate.Reported) { Uninspected = UninspectedKind.TokenIds },
        ],
        ["request user"] = [new("""{"user":"@"}""", "unknown", "metadata")],
    };
}
