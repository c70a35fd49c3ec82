namespace LlmGuard.Http.Tests.Dialects;

/// <summary>What a row of the specification looks like on the wire, and what must come of it.</summary>
/// <param name="Body">The JSON with <c>@</c> where the marker goes.</param>
/// <param name="Role">The role of the marker's segment.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Fate">What happens to the marker.</param>
internal sealed record LocationTemplate(string Body, string Role, string Kind, Fate Fate = Fate.Masked)
{
    /// <summary>What must be reported as not inspected besides.</summary>
    public UninspectedKind? Uninspected { get; init; }
}

internal enum Fate
{
    /// <summary>Seen and masked.</summary>
    Masked,

    /// <summary>Seen; a mask cannot be applied.</summary>
    Fixed,

    /// <summary>Not text: reported as not inspected.</summary>
    Reported,

    /// <summary>Gone once the text next to it (<c>MASKME</c>) is edited.</summary>
    Dropped,
}

/// <summary>The templates of every row of <c>chat-text-locations.json</c> for the two dialects, by direction and path.</summary>
internal static class LocationTemplates
{
    private const string Text64 = "QE1BUktFUkA="; // "@MARKER@": what base64 templates hold instead of the marker itself.

    public static Dictionary<string, LocationTemplate[]> OpenAi { get; } = new(StringComparer.Ordinal)
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
            Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.test/@"}}]}""", "user", "message", Fate.Reported, UninspectedKind.Image),
            Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]}""", "user", "message", Fate.Reported, UninspectedKind.Image),
            Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:text/plain,hello%20@"}}]}""", "user", "document", Fate.Fixed),
            Message("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:text/plain;base64," + Text64 + "\"}}]}", "user", "document", Fate.Fixed),
        ],
        ["request messages[].content[].input_audio.data"] =
            [Message("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"QUJD","format":"wav"}}]}""", "user", "message", Fate.Reported, UninspectedKind.Audio)],
        ["request messages[].content[].file.{filename,file_data,file_id}"] =
        [
            Message("""{"role":"user","content":[{"type":"file","file":{"filename":"@"}}]}""", "user", "document"),
            Message("""{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,QUJD"}}]}""", "user", "message", Fate.Reported, UninspectedKind.File),
            Message("""{"role":"user","content":[{"type":"file","file":{"file_id":"@"}}]}""", "user", "metadata", Fate.Fixed, UninspectedKind.File),
            Message("{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/csv;base64," + Text64 + "\"}}]}", "user", "document", Fate.Fixed),
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
        ["request messages[].tool_calls[].custom.input"] = [Message("""{"role":"assistant","tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":"@"}}]}""", "assistant", "tool_call")],
        ["request messages[].function_call.arguments"] = [Message("""{"role":"assistant","function_call":{"name":"f","arguments":"{\"a\":\"@\"}"}}""", "assistant", "tool_call")],
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
            [new("""{"tools":[{"type":"custom","custom":{"format":{"type":"grammar","grammar":{"syntax":"lark","definition":"@"}}}}]}""", "tool", "tool_definition")],
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
            [Choice("""{"role":"assistant","content":"@"}"""), Choice("""{"role":"assistant","content":"x"}},{"index":1,"message":{"role":"assistant","content":"@"}""")],
        ["response choices[].message.refusal"] = [Choice("""{"role":"assistant","content":null,"refusal":"@"}""", "refusal")],
        ["response choices[].message.tool_calls[].function.arguments"] =
            [Choice("""{"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"x\\u0020@\"}"}}]}""", "tool_call")],
        ["response choices[].message.tool_calls[].custom.input"] = [Choice("""{"tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":"@"}}]}""", "tool_call")],
        ["response choices[].message.function_call.arguments"] = [Choice("""{"function_call":{"name":"f","arguments":"{\"a\":\"@\"}"}}""", "tool_call")],
        ["response choices[].message.annotations[].url_citation.{title,url}"] =
        [
            Choice("""{"content":"x","annotations":[{"type":"url_citation","url_citation":{"title":"@","start_index":0,"end_index":1}}]}""", "document"),
            Choice("""{"content":"x","annotations":[{"type":"url_citation","url_citation":{"url":"@"}}]}""", "document"),
            Choice("""{"content":"MASKME","annotations":[{"type":"url_citation","url_citation":{"title":"@"}}]}""", "document", Fate.Dropped),
        ],
        ["response choices[].message.audio.transcript"] = [Choice("""{"audio":{"id":"a","data":"QUJD","transcript":"@","expires_at":1}}""")],
        ["response choices[].message.audio.data"] = [Choice("""{"audio":{"id":"a","data":"QUJD"}}""", "message", Fate.Reported, UninspectedKind.Audio)],
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
        ["stream choices[].delta.tool_calls[].custom.input"] = [Delta("""{"tool_calls":[{"index":0,"type":"custom","custom":{"input":"@"}}]}""", "tool_call")],
        ["stream choices[].delta.function_call.arguments"] = [Delta("""{"function_call":{"arguments":"{\"a\":\"@\"}"}}""", "tool_call")],
        ["stream choices[].delta.reasoning_content | .reasoning"] = [Delta("""{"reasoning_content":"@"}""", "reasoning"), Delta("""{"reasoning":"@"}""", "reasoning")],
        ["stream choices[].delta.audio.{transcript,data}"] =
        [
            Delta("""{"audio":{"transcript":"@"}}"""),
            Delta("""{"audio":{"data":"QUJD"}}""", "message", Fate.Reported, UninspectedKind.Audio),
        ],
        ["stream choices[].logprobs.*"] = [Delta("""{"content":"MASKME"},"logprobs":{"content":[{"token":"@"}]}}]}#""", "message", Fate.Dropped)],
        ["stream obfuscation"] = [new("""{"choices":[],"obfuscation":"@"}""", "unknown", "metadata", Fate.Fixed)],
        ["stream error.message"] = [new("""{"error":{"message":"@","type":"server_error"}}""", "unknown", "error")],
    };

    public static Dictionary<string, LocationTemplate[]> Anthropic { get; } = new(StringComparer.Ordinal)
    {
        ["request system (string)"] = [new("""{"system":"@"}""", "system", "message")],
        ["request system[].text"] = [new("""{"system":[{"type":"text","text":"@","cache_control":{"type":"ephemeral"}}]}""", "system", "message")],
        ["request messages[].content (string), role user|assistant|system"] =
        [
            Message("""{"role":"user","content":"@"}""", "user", "message"),
            Message("""{"role":"assistant","content":"@"}""", "assistant", "message"),
            Message("""{"role":"system","content":"@"}""", "system", "message"),
        ],
        ["request messages[].content[] text.text"] = [Block("""{"type":"text","text":"@"}""", "user", "message")],
        ["request messages[].content[] text.citations[].{cited_text,document_title,title,url,source}"] =
        [
            .. new[] { "cited_text", "document_title", "title", "url", "source" }.Select(field => Message(
                "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"x\",\"citations\":[{\"type\":\"char_location\",\"" + field + "\":\"@\",\"start_char_index\":0}]}]}",
                "assistant",
                "document")),
        ],
        ["request messages[].content[] thinking.thinking"] =
        [
            Message("""{"role":"assistant","content":[{"type":"thinking","thinking":"@","signature":"sig"}]}""", "assistant", "reasoning", Fate.Fixed, UninspectedKind.EncryptedReasoning),
            Message("""{"role":"assistant","content":[{"type":"thinking","thinking":"@","signature":""}]}""", "assistant", "reasoning"),
        ],
        ["request messages[].content[] redacted_thinking.data"] =
            [Message("""{"role":"assistant","content":[{"type":"redacted_thinking","data":"@"}]}""", "assistant", "reasoning", Fate.Reported, UninspectedKind.EncryptedReasoning)],
        ["request messages[].content[] tool_use.input"] =
        [
            Message("""{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"a":{"b":["@"]}}}]}""", "assistant", "tool_call"),
            Message("""{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"@":1}}]}""", "assistant", "key", Fate.Fixed),
        ],
        ["request messages[].content[] tool_result.content (string)"] = [Block("""{"type":"tool_result","tool_use_id":"t","content":"@"}""", "tool", "tool_result")],
        ["request messages[].content[] tool_result.content[] text.text"] = [Block("""{"type":"tool_result","content":[{"type":"text","text":"@"}]}""", "tool", "tool_result")],
        ["request messages[].content[] tool_result.content[] search_result.{title,source,content[].text}, document.*"] =
        [
            Block("""{"type":"tool_result","content":[{"type":"search_result","title":"@"}]}""", "tool", "tool_result"),
            Block("""{"type":"tool_result","content":[{"type":"search_result","source":"@"}]}""", "tool", "tool_result"),
            Block("""{"type":"tool_result","content":[{"type":"search_result","content":[{"type":"text","text":"@"}]}]}""", "tool", "tool_result"),
            Block("""{"type":"tool_result","content":[{"type":"document","title":"@"}]}""", "tool", "tool_result"),
            Block("""{"type":"tool_result","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"@"}}]}""", "tool", "tool_result"),
        ],
        ["request messages[].content[] tool_result.content[] browser_state.tabs[]"] =
            [Block("""{"type":"tool_result","content":[{"type":"browser_state","tabs":[{"title":"@"}]}]}""", "tool", "tool_result")],
        ["request messages[].content[] document.source.data where source.type=text (text/plain)"] =
            [Block("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"@"}}""", "user", "document")],
        ["request messages[].content[] document.source.content (string | [].text) where source.type=content"] =
        [
            Block("""{"type":"document","source":{"type":"content","content":"@"}}""", "user", "document"),
            Block("""{"type":"document","source":{"type":"content","content":[{"type":"text","text":"@"}]}}""", "user", "document"),
        ],
        ["request messages[].content[] document.{title,context}"] =
            [Block("""{"type":"document","title":"@"}""", "user", "document"), Block("""{"type":"document","context":"@"}""", "user", "document")],
        ["request messages[].content[] document.source.data (application/pdf base64), image.source.data, *.source.url, *.source.file_id"] =
        [
            Block("""{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QUJD"}}""", "user", "message", Fate.Reported, UninspectedKind.File),
            Block("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}""", "user", "message", Fate.Reported, UninspectedKind.Image),
            Block("""{"type":"image","source":{"type":"url","url":"https://x.test/@"}}""", "user", "message", Fate.Reported, UninspectedKind.Image),
            Block("""{"type":"document","source":{"type":"file","file_id":"@"}}""", "user", "metadata", Fate.Fixed, UninspectedKind.File),
            Block("{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"text/plain\",\"data\":\"" + Text64 + "\"}}", "user", "document", Fate.Fixed),
        ],
        ["request messages[].content[] search_result.{title,source,content[].text}"] =
        [
            Block("""{"type":"search_result","title":"@"}""", "user", "document"),
            Block("""{"type":"search_result","source":"@"}""", "user", "document"),
            Block("""{"type":"search_result","content":[{"type":"text","text":"@"}]}""", "user", "document"),
        ],
        ["request messages[].content[] server_tool_use.input"] =
            [Message("""{"role":"assistant","content":[{"type":"server_tool_use","id":"t","name":"web_search","input":{"query":"@"}}]}""", "assistant", "tool_call")],
        ["request messages[].content[] web_search_tool_result.content[].{title,url,encrypted_content}"] =
        [
            Result("web_search_tool_result", """[{"type":"web_search_result","title":"@"}]"""),
            Result("web_search_tool_result", """[{"type":"web_search_result","url":"@"}]"""),
            Result("web_search_tool_result", """[{"type":"web_search_result","encrypted_content":"@"}]""", Fate.Reported, UninspectedKind.EncryptedReasoning),
        ],
        ["request messages[].content[] web_fetch_tool_result.content.content (document), .url"] =
        [
            Result("web_fetch_tool_result", """{"type":"web_fetch_result","url":"@"}"""),
            Result("web_fetch_tool_result", """{"type":"web_fetch_result","content":{"type":"document","source":{"type":"text","media_type":"text/plain","data":"@"}}}"""),
            Result("web_fetch_tool_result", """{"type":"web_fetch_result","content":{"type":"document","title":"@"}}"""),
        ],
        ["request messages[].content[] (bash_)code_execution_tool_result.content.{stdout,stderr}, encrypted_stdout"] =
        [
            Result("code_execution_tool_result", """{"type":"code_execution_result","stdout":"@"}"""),
            Result("bash_code_execution_tool_result", """{"type":"bash_code_execution_result","stderr":"@"}"""),
            Result("code_execution_tool_result", """{"type":"encrypted_code_execution_result","encrypted_stdout":"@"}""", Fate.Reported, UninspectedKind.EncryptedReasoning),
        ],
        ["request messages[].content[] text_editor_code_execution_tool_result.content.{content,lines[]}"] =
        [
            Result("text_editor_code_execution_tool_result", """{"type":"text_editor_code_execution_view_result","content":"@"}"""),
            Result("text_editor_code_execution_tool_result", """{"type":"text_editor_code_execution_str_replace_result","lines":["x","@"]}"""),
        ],
        ["request messages[].content[] container_upload.file_id"] = [Block("""{"type":"container_upload","file_id":"@"}""", "user", "metadata", Fate.Fixed, UninspectedKind.File)],
        ["request tools[].{name,description,input_schema,input_examples[]}"] =
        [
            new("""{"tools":[{"name":"@"}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"name":"f","description":"@"}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"name":"f","input_schema":{"description":"@"}}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"name":"f","input_examples":[{"a":"@"}]}]}""", "tool", "tool_definition"),
        ],
        ["request stop_sequences[], metadata.user_id"] = [new("""{"stop_sequences":["@"]}""", "unknown", "metadata"), new("""{"metadata":{"user_id":"@"}}""", "unknown", "metadata")],
        ["request output_config.format.schema"] = [new("""{"output_config":{"format":{"type":"json_schema","schema":{"title":"@"}}}}""", "system", "tool_definition")],
        ["response content[] text.text"] = [Answer("""{"type":"text","text":"@"}""", "message")],
        ["response content[] text.citations[].cited_text"] = [Answer("""{"type":"text","text":"x","citations":[{"type":"char_location","cited_text":"@"}]}""", "document")],
        ["response content[] thinking.thinking"] = [Answer("""{"type":"thinking","thinking":"@","signature":"sig"}""", "reasoning", Fate.Fixed)],
        ["response content[] tool_use.input"] = [Answer("""{"type":"tool_use","id":"t","name":"f","input":{"a":"@"}}""", "tool_call")],
        ["response content[] server tool blocks (as in the request)"] =
        [
            Answer("""{"type":"server_tool_use","id":"t","name":"f","input":{"a":"@"}}""", "tool_call"),
            Answer("""{"type":"web_search_tool_result","content":[{"type":"web_search_result","title":"@"}]}""", "tool_result") with { Role = "tool" },
            Answer("""{"type":"code_execution_tool_result","content":{"type":"code_execution_result","stdout":"@"}}""", "tool_result") with { Role = "tool" },
        ],
        ["response stop_sequence, stop_details.explanation"] =
        [
            new("""{"type":"message","role":"assistant","content":[],"stop_sequence":"@"}""", "assistant", "message"),
            new("""{"type":"message","role":"assistant","content":[],"stop_details":{"type":"refusal","explanation":"@"}}""", "assistant", "message"),
        ],
        ["stream message_start .message"] = [new("""{"type":"message_start","message":{"type":"message","role":"assistant","content":[{"type":"text","text":"@"}]}}""", "assistant", "message")],
        ["stream content_block_start .content_block (text.text, tool_use.input={}, whole server-tool results)"] =
        [
            Start("""{"type":"text","text":"@"}""", "assistant", "message"),
            Start("""{"type":"tool_use","id":"t","name":"f","input":{"a":"@"}}""", "assistant", "tool_call"),
            Start("""{"type":"web_search_tool_result","content":[{"type":"web_search_result","title":"@"}]}""", "tool", "tool_result"),
        ],
        ["stream content_block_delta .delta text_delta.text"] = [BlockDelta("""{"type":"text_delta","text":"@"}""", "message")],
        ["stream content_block_delta .delta input_json_delta.partial_json"] = [BlockDelta("""{"type":"input_json_delta","partial_json":"{\"a\":\"@"}""", "tool_call")],
        ["stream content_block_delta .delta thinking_delta.thinking"] = [BlockDelta("""{"type":"thinking_delta","thinking":"@"}""", "reasoning", Fate.Fixed)],
        ["stream content_block_delta .delta signature_delta.signature"] =
            [BlockDelta("""{"type":"signature_delta","signature":"@"}""", "reasoning", Fate.Reported) with { Uninspected = UninspectedKind.EncryptedReasoning }],
        ["stream content_block_delta .delta citations_delta.citation.cited_text"] =
            [BlockDelta("""{"type":"citations_delta","citation":{"type":"char_location","cited_text":"@"}}""", "document")],
        ["stream message_delta .delta.{stop_reason,stop_sequence}"] =
        [
            new("""{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"@"},"usage":{"output_tokens":1}}""", "assistant", "message"),
            new("""{"type":"message_delta","delta":{"stop_reason":"@"}}""", "assistant", "unknown"),
        ],
        ["stream error .error.message"] = [new("""{"type":"error","error":{"type":"overloaded_error","message":"@"}}""", "unknown", "error")],
    };

    private static LocationTemplate Message(string message, string role, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new("{\"model\":\"m\",\"messages\":[" + message + "]}", role, kind, fate) { Uninspected = uninspected };

    private static LocationTemplate Block(string block, string role, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        Message("{\"role\":\"user\",\"content\":[" + block + "]}", role, kind, fate, uninspected);

    private static LocationTemplate Result(string type, string content, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        Block("{\"type\":\"" + type + "\",\"tool_use_id\":\"t\",\"content\":" + content + "}", "tool", "tool_result", fate, uninspected);

    // A template that closes the choice itself ends with #.
    private static LocationTemplate Choice(string message, string kind = "message", Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new(Closed("{\"id\":\"i\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":" + message + "}]}"), "assistant", kind, fate) { Uninspected = uninspected };

    private static LocationTemplate Delta(string delta, string kind = "message", Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new(Closed("{\"id\":\"i\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}"), "assistant", kind, fate) { Uninspected = uninspected };

    private static LocationTemplate Answer(string block, string kind, Fate fate = Fate.Masked) =>
        new("{\"type\":\"message\",\"role\":\"assistant\",\"content\":[" + block + "]}", "assistant", kind, fate);

    private static LocationTemplate Start(string block, string role, string kind) =>
        new("{\"type\":\"content_block_start\",\"index\":0,\"content_block\":" + block + "}", role, kind);

    private static LocationTemplate BlockDelta(string delta, string kind, Fate fate = Fate.Masked) =>
        new("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":" + delta + "}", "assistant", kind, fate);

    private static string Closed(string body) => body.Contains('#', StringComparison.Ordinal) ? body[..body.IndexOf('#', StringComparison.Ordinal)] : body;
}
