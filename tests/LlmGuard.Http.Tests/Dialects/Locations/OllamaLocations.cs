namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>ollama</c>, which is three dialects here: each of its routes takes a body of its own.</summary>
internal static class OllamaLocations
{
    private const string Chat = "ollama.chat";
    private const string Generate = "ollama.generate";
    private const string Embed = "ollama.embed";

    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request /api/chat messages[].content"] =
        [
            Message("""{"role":"system","content":"@"}""", "system", "message"),
            Message("""{"role":"user","content":"@"}""", "user", "message"),
            Message("""{"role":"assistant","content":"@"}""", "assistant", "message"),
            Message("""{"role":"tool","content":"@"}""", "tool", "tool_result"),
            Message("""{"Role":"user","CONTENT":"@"}""", "user", "message"),
        ],
        ["request /api/chat messages[].thinking"] = [Message("""{"role":"assistant","thinking":"@"}""", "assistant", "reasoning")],
        ["request /api/chat messages[].tool_calls[].function.arguments"] =
        [
            Message("""{"role":"assistant","tool_calls":[{"function":{"index":0,"name":"f","arguments":{"a":{"b":["@"]}}}}]}""", "assistant",
                "tool_call"),
            Message("""{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"@":1}}}]}""", "assistant", "key", Fate.Fixed),
            Message("""{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"a\":\"@\"}"}}]}""", "assistant", "tool_call"),
        ],
        ["request /api/chat messages[].tool_name"] = [Message("""{"role":"tool","tool_name":"@","content":"x"}""", "tool", "metadata")],
        ["request /api/chat messages[].images[]"] =
            [Message("""{"role":"user","images":["QUJD"]}""", "user", "message", Fate.Reported, UninspectedKind.Image)],
        ["request /api/chat tools[].function.{description,parameters}"] =
        [
            new("""{"tools":[{"type":"function","function":{"name":"f","description":"@"}}]}""", "tool", "tool_definition") { Dialect = Chat },
            new("""{"tools":[{"type":"function","function":{"parameters":{"properties":{"a":{"description":"@"}}}}}]}""", "tool",
                "tool_definition") { Dialect = Chat },
        ],
        ["request /api/chat format (schema object)"] =
            [new("""{"messages":[],"format":{"type":"object","title":"@"}}""", "system", "tool_definition") { Dialect = Chat }],
        ["request /api/generate prompt, suffix, system, template"] =
        [
            new("""{"prompt":"@"}""", "user", "message") { Dialect = Generate },
            new("""{"prompt":"x","suffix":"@"}""", "user", "message") { Dialect = Generate },
            new("""{"system":"@"}""", "system", "message") { Dialect = Generate },
            new("""{"template":"@"}""", "system", "message") { Dialect = Generate },
        ],
        ["request /api/generate context[]"] =
            [new("""{"prompt":"x","context":[1,2]}""", "", "", Fate.Reported) { Dialect = Generate, Uninspected = UninspectedKind.TokenIds }],
        ["request /api/generate images[]"] =
            [new("""{"prompt":"x","images":["QUJD"]}""", "", "", Fate.Reported) { Dialect = Generate, Uninspected = UninspectedKind.Image }],
        ["request /api/embed input (string|string[]), /api/embeddings prompt"] =
        [
            new("""{"input":"@"}""", "user", "message") { Dialect = Embed },
            new("""{"input":["x","@"]}""", "user", "message") { Dialect = Embed },
            new("""{"prompt":"@"}""", "user", "message") { Dialect = Embed },
        ],
        ["request options.stop[]"] =
        [
            new("""{"options":{"temperature":0.5,"stop":["@"]}}""", "unknown", "metadata") { Dialect = Chat },
            new("""{"options":{"stop":["@"]}}""", "unknown", "metadata") { Dialect = Generate },
        ],
        ["response /api/chat message.{content,thinking,tool_calls[].function.arguments}"] =
        [
            new("""{"message":{"role":"assistant","content":"@"},"done":true}""", "assistant", "message") { Dialect = Chat },
            new("""{"message":{"role":"assistant","thinking":"@"}}""", "assistant", "reasoning") { Dialect = Chat },
            new("""{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"a":"@"}}}]}}""", "assistant", "tool_call") { Dialect = Chat },
        ],
        ["response /api/generate response, thinking"] =
        [
            new("""{"response":"@","done":true}""", "assistant", "message") { Dialect = Generate },
            new("""{"thinking":"@"}""", "assistant", "reasoning") { Dialect = Generate },
        ],
        ["response /api/generate context[]"] = [new("""{"response":"MASKME","context":["MARKER",2]}""", "", "", Fate.Dropped) { Dialect = Generate }],
        ["response logprobs[].{token,top_logprobs[].token}"] =
        [
            new("""{"message":{"content":"MASKME"},"logprobs":[{"token":"@","top_logprobs":[{"token":"@"}]}]}""", "", "",
                Fate.Dropped) { Dialect = Chat },
            new("""{"response":"MASKME","logprobs":[{"token":"@"}]}""", "", "", Fate.Dropped) { Dialect = Generate },
        ],
        ["stream message.content, message.thinking per line"] =
        [
            new("""{"message":{"role":"assistant","content":"@"},"done":false}""", "assistant", "message") { Dialect = Chat },
            new("""{"message":{"role":"assistant","content":"","thinking":"@"},"done":false}""", "assistant", "reasoning") { Dialect = Chat },
        ],
        ["stream message.tool_calls[] (whole objects)"] =
            [new("""{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"a":"@"}}}]},"done":false}""", "assistant",
                "tool_call") { Dialect = Chat }],
        ["stream response per line (/api/generate)"] = [new("""{"response":"@","done":false}""", "assistant", "message") { Dialect = Generate }],
        ["stream error"] =
        [
            new("""{"error":"@"}""", "unknown", "error") { Dialect = Chat },
            new("""{"error":"@"}""", "unknown", "error") { Dialect = Generate },
        ],
    };

    private static LocationTemplate Message(string message, string role, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new("{\"model\":\"m\",\"messages\":[" + message + "]}", role, kind, fate) { Dialect = Chat, Uninspected = uninspected };
}
