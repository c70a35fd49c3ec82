namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>cohere.v2_chat</c>.</summary>
internal static class CohereChatLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request messages[].content (string) role system|user|assistant|tool"] =
        [
            Message("""{"role":"system","content":"@"}""", "system", "message"),
            Message("""{"role":"user","content":"@"}""", "user", "message"),
            Message("""{"role":"assistant","content":"@"}""", "assistant", "message"),
            Message("""{"role":"tool","tool_call_id":"t","content":"@"}""", "tool", "tool_result"),
        ],
        ["request messages[].content[] text.text"] =
        [
            Message("""{"role":"user","content":[{"type":"text","text":"@"}]}""", "user", "message"),
            Message("""{"role":"tool","content":[{"type":"text","text":"@"}]}""", "tool", "tool_result"),
        ],
        ["request messages[].content[] thinking.thinking"] =
            [Message("""{"role":"assistant","content":[{"type":"thinking","thinking":"@"}]}""", "assistant", "reasoning")],
        ["request messages[].content[] image_url.image_url.url"] =
        [
            Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.test/a.png","detail":"low"}}]}""", "user",
                "message", Fate.Reported, UninspectedKind.Image),
            Message("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:text/plain;base64,"
                + LocationTemplate.Base64 + "\"}}]}", "user", "document", Fate.Fixed),
        ],
        ["request messages[].content[] document.document.{id,data} (role tool)"] =
        [
            Message("""{"role":"tool","content":[{"type":"document","document":{"id":"d","data":{"a":["@"]}}}]}""", "tool", "tool_result"),
            Message("""{"role":"tool","content":[{"type":"document","document":{"data":"@"}}]}""", "tool", "tool_result"),
            Message("""{"role":"tool","content":[{"type":"document","document":{"id":"@"}}]}""", "tool", "tool_result"),
            Message("""{"role":"tool","content":[{"type":"document","document":{"data":{"@":1}}}]}""", "tool", "key", Fate.Fixed),
        ],
        ["request messages[].tool_plan"] = [Message("""{"role":"assistant","tool_plan":"@"}""", "assistant", "reasoning")],
        ["request messages[].tool_calls[].function.arguments"] =
        [
            Message("""{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"@\"}"}}]}""",
                "assistant", "tool_call"),
            Message("""{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"no json: @"}}]}""", "assistant", "tool_call"),
        ],
        ["request messages[].citations[].{text,sources[]}"] =
        [
            Message("""{"role":"assistant","content":"x","citations":[{"start":0,"end":1,"text":"@"}]}""", "assistant", "document"),
            Message("""{"role":"assistant","content":"x","citations":[{"sources":[{"type":"document","id":"d","document":{"snippet":"@"}}]}]}""",
                "assistant", "document"),
            Message("""{"role":"assistant","content":"x","citations":[{"sources":[{"type":"tool","tool_output":{"a":"@"}}]}]}""", "assistant",
                "document"),
            Message("""{"role":"assistant","content":"MASKME","citations":[{"start":0,"end":6,"text":"@"}]}""", "", "", Fate.Dropped),
        ],
        ["request documents[] (string | {id,data})"] =
        [
            new("""{"documents":["@"]}""", "user", "document"),
            new("""{"documents":[{"id":"1","data":{"title":"x","text":"@"}}]}""", "user", "document"),
            new("""{"documents":[{"data":"@"}]}""", "user", "document"),
        ],
        ["request tools[].function.{description,parameters}"] =
        [
            new("""{"tools":[{"type":"function","function":{"name":"f","description":"@"}}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"type":"function","function":{"parameters":{"properties":{"a":{"title":"@"}}}}}]}""", "tool", "tool_definition"),
        ],
        ["request response_format.json_schema, stop_sequences[]"] =
        [
            new("""{"response_format":{"type":"json_object","json_schema":{"title":"@"}}}""", "system", "tool_definition"),
            new("""{"stop_sequences":["@"]}""", "unknown", "metadata"),
        ],
        ["response message.content[] text.text | thinking.thinking"] =
        [
            Answer("""{"role":"assistant","content":[{"type":"text","text":"@"}]}""", "message"),
            Answer("""{"role":"assistant","content":[{"type":"thinking","thinking":"@"}]}""", "reasoning"),
        ],
        ["response message.tool_plan"] = [Answer("""{"tool_plan":"@"}""", "reasoning")],
        ["response message.tool_calls[].function.arguments"] =
            [Answer("""{"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":\"@\"}"}}]}""", "tool_call")],
        ["response message.citations[].{text,start,end,sources[].{document|tool_output}}"] =
        [
            Answer("""{"content":[{"type":"text","text":"x"}],"citations":[{"text":"@"}]}""", "document"),
            Answer("""{"citations":[{"sources":[{"document":{"text":"@"}}]}]}""", "document"),
            Answer("""{"citations":[{"sources":[{"tool_output":{"text":"@"}}]}]}""", "document"),
            Answer("""{"content":[{"type":"text","text":"MASKME"}],"citations":[{"start":0,"end":6,"text":"@"}]}""", "", Fate.Dropped),
        ],
        ["response logprobs[].text"] = [new(
            """{"message":{"content":[{"type":"text","text":"MASKME"}]},"logprobs":[{"text":"@","logprobs":[0.1]}]}""", "", "", Fate.Dropped)],
        ["stream content-start|content-delta .delta.message.content.{text,thinking}"] =
        [
            Event("content-start", """{"content":{"type":"text","text":"@"}}""", "message"),
            Event("content-delta", """{"content":{"text":"@"}}""", "message"),
            Event("content-delta", """{"content":{"thinking":"@"}}""", "reasoning"),
        ],
        ["stream tool-plan-delta .delta.message.tool_plan"] = [Event("tool-plan-delta", """{"tool_plan":"@"}""", "reasoning")],
        ["stream tool-call-start|tool-call-delta .delta.message.tool_calls.function.arguments"] =
        [
            Event("tool-call-start", """{"tool_calls":{"id":"c","type":"function","function":{"name":"f","arguments":"@"}}}""", "tool_call"),
            Event("tool-call-delta", """{"tool_calls":{"function":{"arguments":"{\"a\":\"@\"}"}}}""", "tool_call"),
        ],
        ["stream citation-start .delta.message.citations"] =
        [
            Event("citation-start", """{"citations":{"start":0,"end":1,"text":"@"}}""", "document"),
            Event("citation-start", """{"citations":{"sources":[{"type":"document","document":{"a":"@"}}]}}""", "document"),
        ],
        ["stream message-end .delta"] = [new("""{"type":"message-end","delta":{"finish_reason":"ERROR","error":"@"}}""", "unknown", "error")],
    };

    private static LocationTemplate Message(string message, string role, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new("{\"model\":\"m\",\"messages\":[" + message + "]}", role, kind, fate) { Uninspected = uninspected };

    private static LocationTemplate Answer(string message, string kind, Fate fate = Fate.Masked) =>
        new("{\"id\":\"i\",\"finish_reason\":\"COMPLETE\",\"message\":" + message + "}", "assistant", kind, fate);

    private static LocationTemplate Event(string type, string message, string kind) =>
        new("{\"type\":\"" + type + "\",\"index\":0,\"delta\":{\"message\":" + message + "}}", "assistant", kind);
}
