namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>anthropic.messages</c>.</summary>
internal static class AnthropicMessagesLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
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
                "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"x\",\"citations\":[{\"type\":\"char_location\",\"" + field
                + "\":\"@\",\"start_char_index\":0}]}]}",
                "assistant",
                "document")),
        ],
        ["request messages[].content[] thinking.thinking"] =
        [
            Message("""{"role":"assistant","content":[{"type":"thinking","thinking":"@","signature":"sig"}]}""", "assistant", "reasoning", Fate.Fixed,
                UninspectedKind.EncryptedReasoning),
            Message("""{"role":"assistant","content":[{"type":"thinking","thinking":"@","signature":""}]}""", "assistant", "reasoning"),
        ],
        ["request messages[].content[] redacted_thinking.data"] =
            [Message("""{"role":"assistant","content":[{"type":"redacted_thinking","data":"@"}]}""", "assistant", "reasoning", Fate.Reported,
                UninspectedKind.EncryptedReasoning)],
        ["request messages[].content[] tool_use.input"] =
        [
            Message("""{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"a":{"b":["@"]}}}]}""", "assistant",
                "tool_call"),
            Message("""{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"@":1}}]}""", "assistant", "key", Fate.Fixed),
        ],
        ["request messages[].content[] tool_result.content (string)"] =
            [Block("""{"type":"tool_result","tool_use_id":"t","content":"@"}""", "tool", "tool_result")],
        ["request messages[].content[] tool_result.content[] text.text"] =
            [Block("""{"type":"tool_result","content":[{"type":"text","text":"@"}]}""", "tool", "tool_result")],
        ["request messages[].content[] tool_result.content[] search_result.{title,source,content[].text}, document.*"] =
        [
            Block("""{"type":"tool_result","content":[{"type":"search_result","title":"@"}]}""", "tool", "tool_result"),
            Block("""{"type":"tool_result","content":[{"type":"search_result","source":"@"}]}""", "tool", "tool_result"),
            Block("""{"type":"tool_result","content":[{"type":"search_result","content":[{"type":"text","text":"@"}]}]}""", "tool", "tool_result"),
            Block("""{"type":"tool_result","content":[{"type":"document","title":"@"}]}""", "tool", "tool_result"),
            Block("""{"type":"tool_result","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"@"}}]}""", "tool",
                "tool_result"),
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
            Block("""{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QUJD"}}""", "user", "message", Fate.Reported,
                UninspectedKind.File),
            Block("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}""", "user", "message", Fate.Reported,
                UninspectedKind.Image),
            Block("""{"type":"image","source":{"type":"url","url":"https://x.test/@"}}""", "user", "message", Fate.Reported, UninspectedKind.Image),
            Block("""{"type":"document","source":{"type":"file","file_id":"@"}}""", "user", "metadata", Fate.Fixed, UninspectedKind.File),
            Block("{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"text/plain\",\"data\":\"" + LocationTemplate.Base64
                + "\"}}", "user", "document", Fate.Fixed),
        ],
        ["request messages[].content[] search_result.{title,source,content[].text}"] =
        [
            Block("""{"type":"search_result","title":"@"}""", "user", "document"),
            Block("""{"type":"search_result","source":"@"}""", "user", "document"),
            Block("""{"type":"search_result","content":[{"type":"text","text":"@"}]}""", "user", "document"),
        ],
        ["request messages[].content[] server_tool_use.input"] =
            [Message("""{"role":"assistant","content":[{"type":"server_tool_use","id":"t","name":"web_search","input":{"query":"@"}}]}""",
                "assistant", "tool_call")],
        ["request messages[].content[] web_search_tool_result.content[].{title,url,encrypted_content}"] =
        [
            Result("web_search_tool_result", """[{"type":"web_search_result","title":"@"}]"""),
            Result("web_search_tool_result", """[{"type":"web_search_result","url":"@"}]"""),
            Result("web_search_tool_result", """[{"type":"web_search_result","encrypted_content":"@"}]""", Fate.Reported,
                UninspectedKind.EncryptedReasoning),
        ],
        ["request messages[].content[] web_fetch_tool_result.content.content (document), .url"] =
        [
            Result("web_fetch_tool_result", """{"type":"web_fetch_result","url":"@"}"""),
            Result("web_fetch_tool_result",
                """{"type":"web_fetch_result","content":{"type":"document","source":{"type":"text","media_type":"text/plain","data":"@"}}}"""),
            Result("web_fetch_tool_result", """{"type":"web_fetch_result","content":{"type":"document","title":"@"}}"""),
        ],
        ["request messages[].content[] (bash_)code_execution_tool_result.content.{stdout,stderr}, encrypted_stdout"] =
        [
            Result("code_execution_tool_result", """{"type":"code_execution_result","stdout":"@"}"""),
            Result("bash_code_execution_tool_result", """{"type":"bash_code_execution_result","stderr":"@"}"""),
            Result("code_execution_tool_result", """{"type":"encrypted_code_execution_result","encrypted_stdout":"@"}""", Fate.Reported,
                UninspectedKind.EncryptedReasoning),
        ],
        ["request messages[].content[] text_editor_code_execution_tool_result.content.{content,lines[]}"] =
        [
            Result("text_editor_code_execution_tool_result", """{"type":"text_editor_code_execution_view_result","content":"@"}"""),
            Result("text_editor_code_execution_tool_result", """{"type":"text_editor_code_execution_str_replace_result","lines":["x","@"]}"""),
        ],
        ["request messages[].content[] container_upload.file_id"] =
            [Block("""{"type":"container_upload","file_id":"@"}""", "user", "metadata", Fate.Fixed, UninspectedKind.File)],
        ["request tools[].{name,description,input_schema,input_examples[]}"] =
        [
            new("""{"tools":[{"name":"@"}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"name":"f","description":"@"}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"name":"f","input_schema":{"description":"@"}}]}""", "tool", "tool_definition"),
            new("""{"tools":[{"name":"f","input_examples":[{"a":"@"}]}]}""", "tool", "tool_definition"),
        ],
        ["request stop_sequences[], metadata.user_id"] =
            [new("""{"stop_sequences":["@"]}""", "unknown", "metadata"), new("""{"metadata":{"user_id":"@"}}""", "unknown", "metadata")],
        ["request output_config.format.schema"] =
            [new("""{"output_config":{"format":{"type":"json_schema","schema":{"title":"@"}}}}""", "system", "tool_definition")],
        ["response content[] text.text"] = [Answer("""{"type":"text","text":"@"}""", "message")],
        ["response content[] text.citations[].cited_text"] =
            [Answer("""{"type":"text","text":"x","citations":[{"type":"char_location","cited_text":"@"}]}""", "document")],
        ["response content[] thinking.thinking"] = [Answer("""{"type":"thinking","thinking":"@","signature":"sig"}""", "reasoning", Fate.Fixed)],
        ["response content[] tool_use.input"] = [Answer("""{"type":"tool_use","id":"t","name":"f","input":{"a":"@"}}""", "tool_call")],
        ["response content[] server tool blocks (as in the request)"] =
        [
            Answer("""{"type":"server_tool_use","id":"t","name":"f","input":{"a":"@"}}""", "tool_call"),
            Answer("""{"type":"web_search_tool_result","content":[{"type":"web_search_result","title":"@"}]}""",
                "tool_result") with { Role = "tool" },
            Answer("""{"type":"code_execution_tool_result","content":{"type":"code_execution_result","stdout":"@"}}""",
                "tool_result") with { Role = "tool" },
        ],
        ["response stop_sequence, stop_details.explanation"] =
        [
            new("""{"type":"message","role":"assistant","content":[],"stop_sequence":"@"}""", "assistant", "message"),
            new("""{"type":"message","role":"assistant","content":[],"stop_details":{"type":"refusal","explanation":"@"}}""", "assistant", "message"),
        ],
        ["stream message_start .message"] =
            [new("""{"type":"message_start","message":{"type":"message","role":"assistant","content":[{"type":"text","text":"@"}]}}""", "assistant",
            "message")],
        ["stream content_block_start .content_block (text.text, tool_use.input={}, whole server-tool results)"] =
        [
            Start("""{"type":"text","text":"@"}""", "assistant", "message"),
            Start("""{"type":"tool_use","id":"t","name":"f","input":{"a":"@"}}""", "assistant", "tool_call"),
            Start("""{"type":"web_search_tool_result","content":[{"type":"web_search_result","title":"@"}]}""", "tool", "tool_result"),
        ],
        ["stream content_block_delta .delta text_delta.text"] = [BlockDelta("""{"type":"text_delta","text":"@"}""", "message")],
        ["stream content_block_delta .delta input_json_delta.partial_json"] =
            [BlockDelta("""{"type":"input_json_delta","partial_json":"{\"a\":\"@"}""", "tool_call")],
        ["stream content_block_delta .delta thinking_delta.thinking"] =
            [BlockDelta("""{"type":"thinking_delta","thinking":"@"}""", "reasoning", Fate.Fixed)],
        ["stream content_block_delta .delta signature_delta.signature"] =
            [BlockDelta("""{"type":"signature_delta","signature":"@"}""", "reasoning",
                Fate.Reported) with { Uninspected = UninspectedKind.EncryptedReasoning }],
        ["stream content_block_delta .delta citations_delta.citation.cited_text"] =
            [BlockDelta("""{"type":"citations_delta","citation":{"type":"char_location","cited_text":"@"}}""", "document")],
        ["stream message_delta .delta.{stop_reason,stop_sequence}"] =
        [
            new("""{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"@"},"usage":{"output_tokens":1}}""", "assistant",
                "message"),
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

    private static LocationTemplate Answer(string block, string kind, Fate fate = Fate.Masked) =>
        new("{\"type\":\"message\",\"role\":\"assistant\",\"content\":[" + block + "]}", "assistant", kind, fate);

    private static LocationTemplate Start(string block, string role, string kind) =>
        new("{\"type\":\"content_block_start\",\"index\":0,\"content_block\":" + block + "}", role, kind);

    private static LocationTemplate BlockDelta(string delta, string kind, Fate fate = Fate.Masked) =>
        new("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":" + delta + "}", "assistant", kind, fate);
}
