namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>mistral.chat</c>.</summary>
internal static class MistralChatLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request messages[].content (string | chunks)"] =
        [
            Message("""{"role":"user","content":"@"}""", "user", "message"),
            Message("""{"role":"system","content":"@"}""", "system", "message"),
            Message("""{"role":"assistant","prefix":true,"content":"@"}""", "assistant", "message"),
            Message("""{"role":"tool","name":"f","tool_call_id":"c","content":"@"}""", "tool", "tool_result"),
            Message("""{"role":"tool","content":[{"type":"text","text":"@"}]}""", "tool", "tool_result"),
        ],
        ["request messages[].content[] text.text"] =
        [
            Chunk("""{"type":"text","text":"a"},{"type":"text","text":"@"}""", "user", "message"),
            Chunk("""{"type":"hologram","text":"@"}""", "user", "unknown"),
        ],
        ["request messages[].content[] thinking.thinking[] text.text"] =
        [
            Thinking("""{"type":"thinking","thinking":[{"type":"text","text":"@"}],"closed":true}""", Fate.Masked),
            Thinking("""{"type":"thinking","thinking":[{"type":"text","text":"@"}],"signature":"sig"}""",
                Fate.Fixed) with { Uninspected = UninspectedKind.EncryptedReasoning },
        ],
        ["request messages[].content[] document_url.{document_url,document_name}, image_url, input_audio, file"] =
        [
            Chunk("""{"type":"document_url","document_url":"https://x.test/@"}""", "user", "message", Fate.Reported, UninspectedKind.File),
            Chunk("""{"type":"document_url","document_url":"https://x.test/a","document_name":"@"}""", "user", "document"),
            Chunk("""{"type":"document_url","document_url":"data:text/plain,hello%20@"}""", "user", "document", Fate.Fixed),
            Chunk("""{"type":"image_url","image_url":"https://x.test/@"}""", "user", "message", Fate.Reported, UninspectedKind.Image),
            Chunk("""{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}""", "user", "message", Fate.Reported,
                UninspectedKind.Image),
            Chunk("""{"type":"input_audio","input_audio":"QUJD"}""", "user", "message", Fate.Reported, UninspectedKind.Audio),
            Chunk("""{"type":"input_audio","input_audio":"https://x.test/@"}""", "user", "message", Fate.Reported, UninspectedKind.Audio),
            Chunk("""{"type":"file","file_id":"@"}""", "user", "metadata", Fate.Fixed, UninspectedKind.File),
        ],
        ["request messages[].content[] tool_reference.{title,url,description}"] =
        [
            .. new[] { "title", "url", "description" }.Select(field => Chunk(
                "{\"type\":\"tool_reference\",\"tool\":\"web_search\",\"" + field + "\":\"@\"}", "tool", "tool_result")),
        ],
        ["request messages[].tool_calls[].function.arguments (string | object)"] =
        [
            Message("""{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":\"@\"}"}}]}""", "assistant",
                "tool_call"),
            Message("""{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":{"a":["@"]}}}]}""", "assistant", "tool_call"),
        ],
        ["request messages[].name"] = [Message("""{"role":"tool","name":"@","content":"x"}""", "tool", "metadata")],
        ["request prediction.content"] = [new("""{"prediction":{"type":"content","content":"@"}}""", "assistant", "message")],
        ["request tools[].function.{description,parameters}"] =
        [
            new("""{"tools":[{"type":"function","function":{"name":"f","description":"@"}}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"title":"@"}}}]}""", "tool", "tool_definition"),
        ],
        ["request fim: prompt, suffix"] =
            [new("""{"model":"m","prompt":"@"}""", "user", "message"), new("""{"model":"m","suffix":"@"}""", "user", "message")],
        ["request stop, metadata"] =
        [
            new("""{"stop":"@"}""", "unknown", "metadata"),
            new("""{"stop":["@"]}""", "unknown", "metadata"),
            new("""{"metadata":{"a":"@"}}""", "unknown", "metadata"),
        ],
        ["response choices[].message.content (string | chunks)"] =
        [
            Choice("""{"message":{"role":"assistant","content":"@"}}""", "message"),
            Choice("""{"message":{"role":"assistant","content":[{"type":"text","text":"@"}]}}""", "message"),
            Choice("""{"message":{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"@"}]}]}}""", "reasoning"),
        ],
        ["response choices[].messages[].content"] = [Choice("""{"messages":[{"role":"assistant","content":"@"}]}""", "message")],
        ["response choices[].message.tool_calls[].function.arguments"] =
        [
            Choice("""{"message":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":\"@\"}"}}]}}""", "tool_call"),
            Choice("""{"message":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":{"a":"@"}}}]}}""", "tool_call"),
        ],
        ["stream choices[].delta.content (string | chunks)"] =
        [
            Choice("""{"delta":{"content":"@"}}""", "message"),
            Choice("""{"delta":{"content":[{"type":"text","text":"@"}]}}""", "message"),
            Choice("""{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"@"}]}]}}""", "reasoning"),
        ],
        ["stream choices[].delta.tool_calls[].function.arguments"] =
        [
            Choice("""{"delta":{"tool_calls":[{"id":"c","index":0,"function":{"name":"f","arguments":"{\"a\":\"@\"}"}}]}}""", "tool_call"),
            Choice("""{"delta":{"tool_calls":[{"id":"c","index":0,"function":{"name":"f","arguments":{"a":"@"}}}]}}""", "tool_call"),
        ],
    };

    private static LocationTemplate Message(string message, string role, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new("{\"model\":\"m\",\"messages\":[" + message + "]}", role, kind, fate) { Uninspected = uninspected };

    private static LocationTemplate Chunk(string chunk, string role, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        Message("{\"role\":\"user\",\"content\":[" + chunk + "]}", role, kind, fate, uninspected);

    private static LocationTemplate Thinking(string chunk, Fate fate) =>
        Message("{\"role\":\"assistant\",\"content\":[" + chunk + "]}", "assistant", "reasoning", fate);

    private static LocationTemplate Choice(string choice, string kind) => new("{\"id\":\"i\",\"choices\":[" + choice + "]}", "assistant", kind);
}
