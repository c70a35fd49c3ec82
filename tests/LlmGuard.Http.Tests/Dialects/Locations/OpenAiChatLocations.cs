namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>openai.chat_completions</c>.</summary>
internal static class OpenAiChatLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request messages[].content (string) where role=system|developer"] =
        [
            Message("""{"role":"system","content":"@"}""", "system", "message"),
            Message("""{"content":"@","role":"developer"}""", "system", "message"),
        ],
        ["request messages[].content[].text where role=system|developer, part type=text"] =
        [
            Message("""{"role":"system","content":[{"type":"text","text":"@"}]}""", "system", "message"),
            Message("""{"role":"developer","content":[{"text":"@","type":"text"}]}""", "system", "message"),
        ],
        ["request messages[].content (string) where role=user"] = [Message("""{"role":"user","cont\u0065nt":"@"}""", "user", "message")],
        ["request messages[].content[].text where role=user, part type=text"] =
        [
            Message("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"@"}]}""", "user", "message"),
            Message("""{"role":"user","content":["@"]}""", "user", "message"),
        ],
        ["request messages[].content[].image_url.url"] =
        [
            Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.test/@"}}]}""", "user", "message", Fate.Reported,
                UninspectedKind.Image),
            Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]}""", "user", "message",
                Fate.Reported, UninspectedKind.Image),
            Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:text/plain,hello%20@"}}]}""", "user", "document",
                Fate.Fixed),
            Message("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:text/plain;base64,"
                + LocationTemplate.Base64 + "\"}}]}", "user", "document", Fate.Fixed),
        ],
        ["request messages[].content[].input_audio.data"] =
            [Message("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"QUJD","format":"wav"}}]}""", "user", "message",
                Fate.Reported, UninspectedKind.Audio)],
        ["request messages[].content[].file.{filename,file_data,file_id}"] =
        [
            Message("""{"role":"user","content":[{"type":"file","file":{"filename":"@"}}]}""", "user", "document"),
            Message("""{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,QUJD"}}]}""", "user", "message",
                Fate.Reported, UninspectedKind.File),
            Message("""{"role":"user","content":[{"type":"file","file":{"file_id":"@"}}]}""", "user", "metadata", Fate.Fixed, UninspectedKind.File),
            Message("{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/csv;base64," + LocationTemplate.Base64
                + "\"}}]}", "user", "document", Fate.Fixed),
        ],
        ["request messages[].content (string) where role=assistant"] = [Message("""{"role":"assistant","content":"@"}""", "assistant", "message")],
        ["request messages[].content[].text|refusal where role=assistant"] =
        [
            Message("""{"role":"assistant","content":[{"type":"text","text":"@"}]}""", "assistant", "message"),
            Message("""{"role":"assistant","content":[{"type":"refusal","refusal":"@"}]}""", "assistant", "refusal"),
        ],
        ["request messages[].refusal"] = [Message("""{"role":"assistant","refusal":"@"}""", "assistant", "refusal")],
        ["request messages[].tool_calls[].function.arguments"] =
        [
            Message("""{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\": [\"x @ y\", 1.0e400]}"}}]}""", "assistant", "tool_call"),
            Message("""{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"not json: @"}}]}""", "assistant", "tool_call"),
            Message("""{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"@\":1}"}}]}""", "assistant", "key", Fate.Fixed),
        ],
        ["request messages[].tool_calls[].custom.input"] =
            [Message("""{"role":"assistant","tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":"@"}}]}""", "assistant",
            "tool_call")],
        ["request messages[].function_call.arguments"] =
            [Message("""{"role":"assistant","function_call":{"name":"f","arguments":"{\"a\":\"@\"}"}}""", "assistant", "tool_call")],
        ["request messages[].reasoning_content | messages[].reasoning"] =
        [
            Message("""{"role":"assistant","reasoning_content":"@"}""", "assistant", "reasoning"),
            Message("""{"role":"assistant","reasoning":"@"}""", "assistant", "reasoning"),
        ],
        ["request messages[].content (string | [].text) where role=tool"] =
        [
            Message("""{"role":"tool","tool_call_id":"c","content":"@"}""", "tool", "tool_result"),
            Message("""{"role":"tool","content":[{"type":"text","text":"@"}]}""", "tool", "tool_result"),
        ],
        ["request messages[].content where role=function"] = [Message("""{"role":"function","name":"f","content":"@"}""", "tool", "tool_result")],
        ["request messages[].name"] = [Message("""{"role":"user","name":"@","content":"x"}""", "user", "metadata")],
        ["request tools[].function.description, tools[].custom.description"] =
        [
            new("""{"tools":[{"type":"function","function":{"name":"f","description":"@"}}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"type":"custom","custom":{"name":"f","description":"@"}}]}""", "tool", "tool_definition"),
        ],
        ["request tools[].function.parameters (JSON Schema: description, enum, default, examples, title)"] =
        [
            new("""{"tools":[{"type":"function","function":{"parameters":{"properties":{"a":{"description":"@"}}}}}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"type":"function","function":{"parameters":{"properties":{"a":{"enum":["x","@"]}}}}}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"type":"function","function":{"parameters":{"properties":{"@":{}}}}}]}""", "tool", "key", Fate.Fixed),
        ],
        ["request tools[].custom.format.grammar.definition"] =
            [new("""{"tools":[{"type":"custom","custom":{"format":{"type":"grammar","grammar":{"syntax":"lark","definition":"@"}}}}]}""", "tool",
                "tool_definition")],
        ["request functions[].{name,description,parameters}"] =
        [
            new("""{"functions":[{"name":"@"}]}""", "tool", "tool_definition"),
            new("""{"functions":[{"description":"@"}]}""", "tool", "tool_definition"),
            new("""{"functions":[{"parameters":{"title":"@"}}]}""", "tool", "tool_definition"),
        ],
        ["request response_format.json_schema.{name,description,schema}"] =
        [
            new("""{"response_format":{"type":"json_schema","json_schema":{"name":"@"}}}""", "system", "tool_definition"),
            new("""{"response_format":{"type":"json_schema","json_schema":{"description":"@"}}}""", "system", "tool_definition"),
            new("""{"response_format":{"type":"json_schema","json_schema":{"schema":{"title":"@"}}}}""", "system", "tool_definition"),
        ],
        ["request prediction.content (string | [].text)"] =
        [
            new("""{"prediction":{"type":"content","content":"@"}}""", "assistant", "message"),
            new("""{"prediction":{"type":"content","content":[{"type":"text","text":"@"}]}}""", "assistant", "message"),
        ],
        ["request stop (string | [])"] = [new("""{"stop":"@"}""", "unknown", "metadata"), new("""{"stop":["x","@"]}""", "unknown", "metadata")],
        ["request metadata.{*}, user, safety_identifier, prompt_cache_key"] =
        [
            new("""{"metadata":{"a":"@"}}""", "unknown", "metadata"),
            new("""{"user":"@"}""", "unknown", "metadata"),
            new("""{"safety_identifier":"@"}""", "unknown", "metadata"),
            new("""{"prompt_cache_key":"@"}""", "unknown", "metadata"),
        ],
        ["request web_search_options.user_location.approximate.{country,region,city,timezone}"] =
        [
            new("""{"web_search_options":{"user_location":{"type":"approximate","approximate":{"country":"@"}}}}""", "unknown", "metadata"),
            new("""{"web_search_options":{"user_location":{"approximate":{"region":"@"}}}}""", "unknown", "metadata"),
            new("""{"web_search_options":{"user_location":{"approximate":{"city":"@"}}}}""", "unknown", "metadata"),
            new("""{"web_search_options":{"user_location":{"approximate":{"timezone":"@"}}}}""", "unknown", "metadata"),
        ],
        ["response choices[].message.content"] =
            [Choice("""{"role":"assistant","content":"@"}"""),
                Choice("""{"role":"assistant","content":"x"}},{"index":1,"message":{"role":"assistant","content":"@"}""")],
        ["response choices[].message.refusal"] = [Choice("""{"role":"assistant","content":null,"refusal":"@"}""", "refusal")],
        ["response choices[].message.tool_calls[].function.arguments"] =
            [Choice("""{"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"x\\u0020@\"}"}}]}""", "tool_call")],
        ["response choices[].message.tool_calls[].custom.input"] =
            [Choice("""{"tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":"@"}}]}""", "tool_call")],
        ["response choices[].message.function_call.arguments"] =
            [Choice("""{"function_call":{"name":"f","arguments":"{\"a\":\"@\"}"}}""", "tool_call")],
        ["response choices[].message.annotations[].url_citation.{title,url}"] =
        [
            Choice("""{"content":"x","annotations":[{"type":"url_citation","url_citation":{"title":"@","start_index":0,"end_index":1}}]}""",
                "document"),
            Choice("""{"content":"x","annotations":[{"type":"url_citation","url_citation":{"url":"@"}}]}""", "document"),
            Choice("""{"content":"MASKME","annotations":[{"type":"url_citation","url_citation":{"title":"@"}}]}""", "document", Fate.Dropped),
        ],
        ["response choices[].message.audio.transcript"] = [Choice("""{"audio":{"id":"a","data":"QUJD","transcript":"@","expires_at":1}}""")],
        ["response choices[].message.audio.data"] =
            [Choice("""{"audio":{"id":"a","data":"QUJD"}}""", "message", Fate.Reported, UninspectedKind.Audio)],
        ["response choices[].message.reasoning_content | .reasoning"] =
            [Choice("""{"reasoning_content":"@"}""", "reasoning"), Choice("""{"reasoning":"@"}""", "reasoning")],
        ["response choices[].logprobs.{content,refusal}[].{token,bytes} and .top_logprobs[].{token,bytes}"] =
        [
            Choice("""{"content":"MASKME"},"logprobs":{"content":[{"token":"@","bytes":[1],"top_logprobs":[{"token":"@","bytes":[1]}]}],"refusal":null}}]}#""", "message", Fate.Dropped),
            Choice("""{"refusal":"MASKME"},"logprobs":{"refusal":[{"token":"@"}]}}]}#""", "refusal", Fate.Dropped),
        ],
        ["stream choices[].delta.content"] = [Delta("""{"role":"assistant","content":"@"}""")],
        ["stream choices[].delta.refusal"] = [Delta("""{"refusal":"@"}""", "refusal")],
        ["stream choices[].delta.tool_calls[].function.{name,arguments}"] =
        [
            Delta("""{"tool_calls":[{"index":0,"id":"c","function":{"name":"@"}}]}""", "tool_call"),
            Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":\"@\"}"}}]}""", "tool_call"),
        ],
        ["stream choices[].delta.tool_calls[].custom.input"] =
            [Delta("""{"tool_calls":[{"index":0,"type":"custom","custom":{"input":"@"}}]}""", "tool_call")],
        ["stream choices[].delta.function_call.arguments"] = [Delta("""{"function_call":{"arguments":"{\"a\":\"@\"}"}}""", "tool_call")],
        ["stream choices[].delta.reasoning_content | .reasoning"] =
            [Delta("""{"reasoning_content":"@"}""", "reasoning"), Delta("""{"reasoning":"@"}""", "reasoning")],
        ["stream choices[].delta.audio.{transcript,data}"] =
        [
            Delta("""{"audio":{"transcript":"@"}}"""),
            Delta("""{"audio":{"data":"QUJD"}}""", "message", Fate.Reported, UninspectedKind.Audio),
        ],
        ["stream choices[].logprobs.*"] = [Delta("""{"content":"MASKME"},"logprobs":{"content":[{"token":"@"}]}}]}#""", "message", Fate.Dropped)],
        ["stream obfuscation"] = [new("""{"choices":[],"obfuscation":"@"}""", "unknown", "metadata", Fate.Fixed)],
        ["stream error.message"] = [new("""{"error":{"message":"@","type":"server_error"}}""", "unknown", "error")],
    };

    private static LocationTemplate Message(string message, string role, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new("{\"model\":\"m\",\"messages\":[" + message + "]}", role, kind, fate) { Uninspected = uninspected };

    // A template that closes the choice itself ends with #.
    private static LocationTemplate Choice(string message, string kind = "message", Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new(Closed("{\"id\":\"i\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":" + message + "}]}"), "assistant", kind,
            fate) { Uninspected = uninspected };

    private static LocationTemplate Delta(string delta, string kind = "message", Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new(Closed("{\"id\":\"i\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}"), "assistant", kind,
            fate) { Uninspected = uninspected };

    private static string Closed(string body) =>
        body.Contains('#', StringComparison.Ordinal) ? body[..body.IndexOf('#', StringComparison.Ordinal)] : body;
}
