namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>openai.completions</c>.</summary>
internal static class OpenAiCompletionsLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request prompt (string | string[])"] =
        [
            new("""{"model":"m","prompt":"@"}""", "user", "message"),
            new("""{"model":"m","prompt":["x","@"]}""", "user", "message"),
            new("""{"model":"m","prompt":[1,"@"]}""", "user", "message") { Uninspected = UninspectedKind.TokenIds },
        ],
        ["request prompt (int[] | int[][])"] =
        [
            new("""{"model":"m","prompt":[1,2]}""", "user", "message", Fate.Reported) { Uninspected = UninspectedKind.TokenIds },
            new("""{"model":"m","prompt":[[1],[2,3]]}""", "user", "message", Fate.Reported) { Uninspected = UninspectedKind.TokenIds },
            new("""{"model":"m","prompt":7}""", "user", "message", Fate.Reported) { Uninspected = UninspectedKind.TokenIds },
            new("""{"model":"m","prompt_token_ids":[1]}""", "user", "message", Fate.Reported) { Uninspected = UninspectedKind.TokenIds },
        ],
        ["request suffix"] = [new("""{"suffix":"@"}""", "user", "message")],
        ["request stop, user"] =
        [
            new("""{"stop":"@"}""", "unknown", "metadata"),
            new("""{"stop":["x","@"]}""", "unknown", "metadata"),
            new("""{"user":"@"}""", "unknown", "metadata"),
        ],
        ["response choices[].text"] =
            [new("""{"object":"text_completion","choices":[{"index":0,"text":"x"},{"index":1,"text":"@"}]}""", "assistant", "message")],
        ["response choices[].logprobs.{tokens[], top_logprobs[] KEYS, text_offset[]}"] =
        [
            new(
                """{"choices":[{"index":0,"text":"MASKME","logprobs":{"tokens":["@"],"token_logprobs":[-1.5],"top_logprobs":[{"@":-1.5}],"text_offset":[0]}}]}""",
                "assistant",
                "message",
                Fate.Dropped),
        ],
        ["stream choices[].text"] = [new("""{"object":"text_completion","choices":[{"index":1,"text":"@","finish_reason":null}]}""", "assistant",
            "message")],
    };
}
