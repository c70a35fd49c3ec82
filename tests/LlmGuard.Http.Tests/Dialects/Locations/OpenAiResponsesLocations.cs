namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>openai.responses</c>.</summary>
internal static class OpenAiResponsesLocations
{
    private const string OneTool = "tool_definition";

    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request instructions (string)"] = [new("""{"instructions":"@"}""", "system", "message")],
        ["request input (string)"] = [new("""{"input":"@"}""", "user", "message")],
        ["request input[] (type=message or absent).content (string)"] =
        [
            Input("""{"role":"user","content":"@"}""", "user", "message"),
            Input("""{"type":"message","role":"developer","content":"@"}""", "system", "message"),
            Input("""{"type":"message","role":"assistant","content":"@"}""", "assistant", "message"),
        ],
        ["request input[].content[].text (input_text | output_text)"] =
        [
            Input("""{"role":"user","content":[{"type":"input_text","text":"@"}]}""", "user", "message"),
            Input("""{"role":"assistant","content":[{"type":"output_text","text":"@"}]}""", "assistant", "message"),
            Input("""{"role":"system","content":[{"type":"input_text","text":"a"},{"type":"new","text":"@"}]}""", "system", "unknown"),
        ],
        ["request input[].content[].refusal"] =
            [Input("""{"role":"assistant","content":[{"type":"refusal","refusal":"@"}]}""", "assistant", "refusal")],
        ["request input[].content[].image_url, .file_data, .file_url, .filename, .file_id"] =
        [
            Part("""{"type":"input_image","image_url":"https://x.test/@"}""", "message", Fate.Reported, UninspectedKind.Image),
            Part("""{"type":"input_image","file_id":"@"}""", "metadata", Fate.Fixed, UninspectedKind.Image),
            Part("""{"type":"input_file","file_data":"data:application/pdf;base64,QUJD"}""", "message", Fate.Reported, UninspectedKind.File),
            Part("{\"type\":\"input_file\",\"file_data\":\"data:text/plain;base64," + LocationTemplate.Base64 + "\"}", "document", Fate.Fixed),
            Part("""{"type":"input_file","file_url":"https://x.test/@"}""", "message", Fate.Reported, UninspectedKind.File),
            Part("""{"type":"input_file","filename":"@"}""", "document"),
            Part("""{"type":"input_file","file_id":"@"}""", "metadata", Fate.Fixed, UninspectedKind.File),
            Part("""{"type":"input_audio","input_audio":{"data":"QUJD","format":"mp3"}}""", "message", Fate.Reported, UninspectedKind.Audio),
        ],
        ["request input[] function_call.{name,arguments}"] =
        [
            Call("""{"type":"function_call","call_id":"c","name":"@","arguments":"{}"}"""),
            Call("""{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\": [\"x @ y\", 1.0e400]}"}"""),
            Call("""{"type":"function_call","call_id":"c","name":"f","arguments":"not json: @"}"""),
        ],
        ["request input[] function_call_output.output (string | [].text)"] =
        [
            Result("""{"type":"function_call_output","call_id":"c","output":"@"}"""),
            Result("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"@"}]}"""),
        ],
        ["request input[] custom_tool_call.input"] = [Call("""{"type":"custom_tool_call","call_id":"c","name":"f","input":"@"}""")],
        ["request input[] custom_tool_call_output.output (string | [].text)"] =
        [
            Result("""{"type":"custom_tool_call_output","call_id":"c","output":"@"}"""),
            Result("""{"type":"custom_tool_call_output","call_id":"c","output":[{"type":"input_text","text":"@"}]}"""),
        ],
        ["request input[] reasoning.summary[].text, reasoning.content[].text"] =
        [
            Input("""{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"@"}],"encrypted_content":"sealed"}""", "assistant",
                "reasoning", Fate.Fixed, UninspectedKind.EncryptedReasoning),
            Input("""{"type":"reasoning","id":"r","content":[{"type":"reasoning_text","text":"@"}],"encrypted_content":"sealed"}""", "assistant",
                "reasoning", Fate.Fixed, UninspectedKind.EncryptedReasoning),
            Input("""{"type":"reasoning","id":"r","content":[{"type":"reasoning_text","text":"@"}]}""", "assistant", "reasoning"),
        ],
        ["request input[] reasoning.encrypted_content, compaction.encrypted_content"] =
        [
            Input("""{"type":"reasoning","summary":[],"encrypted_content":"@"}""", "assistant", "reasoning", Fate.Reported,
                UninspectedKind.EncryptedReasoning),
            Input("""{"type":"compaction","encrypted_content":"@"}""", "assistant", "reasoning", Fate.Reported, UninspectedKind.EncryptedReasoning),
        ],
        ["request input[] mcp_call.{arguments,output,error}"] =
        [
            Call("""{"type":"mcp_call","id":"m","server_label":"s","name":"f","arguments":"{\"a\":\"@\"}"}"""),
            Result("""{"type":"mcp_call","id":"m","name":"f","arguments":"{}","output":"@"}"""),
            Result("""{"type":"mcp_call","id":"m","name":"f","arguments":"{}","error":"@"}"""),
            Result("""{"type":"mcp_call","id":"m","name":"f","arguments":"{}","error":{"type":"x","message":"@"}}"""),
        ],
        ["request input[] mcp_list_tools.tools[].{name,description,input_schema,annotations}"] =
        [
            .. new[] { "\"name\":\"@\"", "\"description\":\"@\"", "\"input_schema\":{\"title\":\"@\"}",
                "\"annotations\":{\"title\":\"@\"}" }.Select(member =>
                Input("{\"type\":\"mcp_list_tools\",\"id\":\"m\",\"server_label\":\"s\",\"tools\":[{" + member + "}]}", "tool", OneTool)),
        ],
        ["request input[] mcp_approval_request.arguments, mcp_approval_response.reason"] =
        [
            Call("""{"type":"mcp_approval_request","id":"m","name":"f","server_label":"s","arguments":"{\"a\":\"@\"}"}"""),
            Input("""{"type":"mcp_approval_response","approval_request_id":"m","approve":false,"reason":"@"}""", "user", "message"),
        ],
        ["request input[] code_interpreter_call.{code, outputs[].logs}"] =
        [
            Call("""{"type":"code_interpreter_call","id":"c","container_id":"k","code":"@"}"""),
            Result("""{"type":"code_interpreter_call","id":"c","code":"x","outputs":[{"type":"logs","logs":"@"}]}"""),
        ],
        ["request input[] file_search_call.{queries[], results[].{text,filename,attributes.*}}"] =
        [
            Call("""{"type":"file_search_call","id":"c","queries":["@"]}"""),
            Result("""{"type":"file_search_call","id":"c","results":[{"text":"@"}]}"""),
            Result("""{"type":"file_search_call","id":"c","results":[{"filename":"@"}]}"""),
            Result("""{"type":"file_search_call","id":"c","results":[{"attributes":{"a":"@"}}]}"""),
        ],
        ["request input[] web_search_call.action.{query,queries[],url,pattern,sources[].url}"] =
        [
            .. new[] { "\"query\":\"@\"", "\"queries\":[\"@\"]", "\"url\":\"@\"", "\"pattern\":\"@\"",
                "\"sources\":[{\"type\":\"url\",\"url\":\"@\"}]" }.Select(member =>
                Call("{\"type\":\"web_search_call\",\"id\":\"w\",\"action\":{\"type\":\"search\"," + member + "}}")),
        ],
        ["request input[] local_shell_call.action.{command[],env.*}, local_shell_call_output.output"] =
        [
            Call("""{"type":"local_shell_call","call_id":"c","action":{"type":"exec","command":["ls","@"],"env":{}}}"""),
            Call("""{"type":"local_shell_call","call_id":"c","action":{"type":"exec","command":[],"env":{"A":"@"}}}"""),
            Result("""{"type":"local_shell_call_output","id":"c","output":"@"}"""),
        ],
        ["request input[] shell_call.action.commands[], shell_call_output.output[].{stdout,stderr}"] =
        [
            Call("""{"type":"shell_call","call_id":"c","action":{"commands":["@"]}}"""),
            Result("""{"type":"shell_call_output","call_id":"c","output":[{"stdout":"@","stderr":""}]}"""),
            Result("""{"type":"shell_call_output","call_id":"c","output":[{"stdout":"","stderr":"@"}]}"""),
        ],
        ["request input[] apply_patch_call.operation.{path,diff}, apply_patch_call_output.output"] =
        [
            Call("""{"type":"apply_patch_call","call_id":"c","operation":{"type":"update_file","path":"@"}}"""),
            Call("""{"type":"apply_patch_call","call_id":"c","operation":{"type":"update_file","diff":"@"}}"""),
            Result("""{"type":"apply_patch_call_output","call_id":"c","output":"@"}"""),
        ],
        ["request input[] computer_call.action(s).text / keys[], computer_call_output.output.image_url"] =
        [
            Call("""{"type":"computer_call","call_id":"c","action":{"type":"type","text":"@"}}"""),
            Call("""{"type":"computer_call","call_id":"c","actions":[{"type":"keypress","keys":["@"]}]}"""),
            Result("""{"type":"computer_call_output","call_id":"c","output":{"type":"computer_screenshot","image_url":"https://x.test/@"}}""",
                Fate.Reported, UninspectedKind.Image),
        ],
        ["request input[] tool_search_call.arguments, tool_search_output.tools[], additional_tools.tools[]"] =
        [
            Call("""{"type":"tool_search_call","call_id":"c","arguments":{"query":"@"}}"""),
            Input("""{"type":"tool_search_output","call_id":"c","tools":[{"type":"function","name":"f","description":"@"}]}""", "tool", OneTool),
            Input("""{"type":"additional_tools","tools":[{"type":"function","name":"f","parameters":{"title":"@"}}]}""", "tool", OneTool),
        ],
        ["request input[] program.code, program_output.result"] =
            [Call("""{"type":"program","id":"p","code":"@"}"""), Result("""{"type":"program_output","id":"p","result":"@"}""")],
        ["request input[] item_reference.id, previous_response_id, conversation"] =
        [
            Input("""{"type":"item_reference","id":"@"}""", "unknown", "metadata", Fate.Fixed, UninspectedKind.ServerState),
            new("""{"previous_response_id":"@"}""", "unknown", "metadata", Fate.Fixed) { Uninspected = UninspectedKind.ServerState },
            new("""{"conversation":"@"}""", "unknown", "metadata", Fate.Fixed) { Uninspected = UninspectedKind.ServerState },
            new("""{"conversation":{"id":"@"}}""", "unknown", "metadata", Fate.Fixed) { Uninspected = UninspectedKind.ServerState },
        ],
        ["request prompt.variables.{*} (string | input_text.text)"] =
        [
            new("""{"prompt":{"id":"p","variables":{"a":"@"}}}""", "user", "message") { Uninspected = UninspectedKind.ServerState },
            new("""{"prompt":{"id":"p","variables":{"a":{"type":"input_text","text":"@"}}}}""", "user", "message"),
            new("""{"prompt":{"id":"p","variables":{"@":"x"}}}""", "user", "key", Fate.Fixed),
        ],
        ["request tools[].{description,parameters,server_description,...}"] =
        [
            new("""{"tools":[{"type":"function","name":"f","description":"@"}]}""", "tool", OneTool),
            new("""{"tools":[{"type":"function","name":"f","parameters":{"properties":{"a":{"enum":["@"]}}}}]}""", "tool", OneTool),
            new("""{"tools":[{"type":"mcp","server_label":"s","server_description":"@"}]}""", "tool", OneTool),
            new("""{"tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f","description":"@"}]}]}""", "tool", OneTool),
            new("""{"tools":[{"type":"hologram","beam":{"x":["@"]}}]}""", "tool", OneTool),
        ],
        ["request tools[] mcp.{authorization,headers.*}, container.network_policy.domain_secrets[].value"] =
        [
            new("""{"tools":[{"type":"mcp","server_label":"s","authorization":"@"}]}""", "tool", OneTool, Fate.Secret),
            new("""{"tools":[{"type":"mcp","server_label":"s","headers":{"X-Key":"@"}}]}""", "tool", OneTool, Fate.Secret),
            new("""{"tools":[{"type":"code_interpreter","container":{"type":"auto","network_policy":{"domain_secrets":[{"domain":"d","name":"n","value":"@"}]}}}]}""", "tool", OneTool, Fate.Secret),
        ],
        ["request text.format.{name,description,schema}"] =
        [
            new("""{"text":{"format":{"type":"json_schema","name":"@"}}}""", "system", OneTool),
            new("""{"text":{"format":{"type":"json_schema","description":"@"}}}""", "system", OneTool),
            new("""{"text":{"format":{"type":"json_schema","schema":{"title":"@"}}}}""", "system", OneTool),
        ],
        ["request metadata.{*}, user, safety_identifier, prompt_cache_key"] =
        [
            new("""{"metadata":{"a":"@"}}""", "unknown", "metadata"),
            new("""{"user":"@"}""", "unknown", "metadata"),
            new("""{"safety_identifier":"@"}""", "unknown", "metadata"),
            new("""{"prompt_cache_key":"@"}""", "unknown", "metadata"),
        ],
        ["response output[] message.content[].text (output_text)"] = [Answer("""{"type":"output_text","text":"@","annotations":[]}""", "message")],
        ["response output[] message.content[].refusal"] = [Answer("""{"type":"refusal","refusal":"@"}""", "refusal")],
        ["response output[] message.content[].annotations[].{title,url,filename}"] =
        [
            Answer("""{"type":"output_text","text":"x","annotations":[{"type":"url_citation","title":"@","start_index":0,"end_index":1}]}""",
                "document"),
            Answer("""{"type":"output_text","text":"x","annotations":[{"type":"url_citation","url":"@"}]}""", "document"),
            Answer("""{"type":"output_text","text":"x","annotations":[{"type":"file_citation","filename":"@","index":0}]}""", "document"),
            Answer("""{"type":"output_text","text":"MASKME","annotations":[{"type":"url_citation","title":"@"}]}""", "document", Fate.Dropped),
        ],
        ["response output[] message.content[].logprobs[]"] =
            [Answer(
                """{"type":"output_text","text":"MASKME","annotations":[],"logprobs":[{"token":"@","bytes":[1],"top_logprobs":[{"token":"@"}]}]}""",
                "message", Fate.Dropped)],
        ["response output[] function_call.arguments, custom_tool_call.input, mcp_call.{arguments,output}, code_interpreter_call.*, shell/apply_patch/local_shell/file_search/web_search items"] =
        [
            Output("""{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":\"x\\u0020@\"}"}""", "assistant", "tool_call"),
            Output("""{"type":"custom_tool_call","call_id":"c","name":"f","input":"@"}""", "assistant", "tool_call"),
            Output("""{"type":"mcp_call","id":"m","name":"f","arguments":"{\"a\":\"@\"}"}""", "assistant", "tool_call"),
            Output("""{"type":"mcp_call","id":"m","name":"f","arguments":"{}","output":"@"}""", "tool", "tool_result"),
            Output("""{"type":"code_interpreter_call","id":"c","code":"@"}""", "assistant", "tool_call"),
            Output("""{"type":"code_interpreter_call","id":"c","code":"","outputs":[{"type":"logs","logs":"@"}]}""", "tool", "tool_result"),
            Output("""{"type":"shell_call","call_id":"c","action":{"commands":["@"]}}""", "assistant", "tool_call"),
            Output("""{"type":"apply_patch_call","call_id":"c","operation":{"diff":"@"}}""", "assistant", "tool_call"),
            Output("""{"type":"local_shell_call","call_id":"c","action":{"command":["@"]}}""", "assistant", "tool_call"),
            Output("""{"type":"file_search_call","id":"c","results":[{"text":"@"}]}""", "tool", "tool_result"),
            Output("""{"type":"web_search_call","id":"w","action":{"type":"search","query":"@"}}""", "assistant", "tool_call"),
            Output("""{"type":"image_generation_call","id":"i","revised_prompt":"@","result":"QUJD"}""", "assistant",
                "tool_call") with { Uninspected = UninspectedKind.Image },
        ],
        ["response output[] reasoning.summary[].text, .content[].text"] =
        [
            Output("""{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"@"}],"encrypted_content":"sealed"}""", "assistant",
                "reasoning") with { Uninspected = UninspectedKind.EncryptedReasoning },
            Output("""{"type":"reasoning","id":"r","content":[{"type":"reasoning_text","text":"@"}]}""", "assistant", "reasoning"),
        ],
        ["response instructions, input echoes in the response object"] =
        [
            new("""{"object":"response","instructions":"@"}""", "system", "message"),
            new("""{"object":"response","instructions":[{"type":"message","role":"system","content":[{"type":"input_text","text":"@"}]}]}""",
                "system", "message"),
            new("""{"object":"response","input":[{"role":"user","content":"@"}]}""", "user", "message"),
            new("""{"object":"response","metadata":{"a":"@"}}""", "assistant", "metadata"),
            new("""{"object":"response","tools":[{"type":"function","name":"f","description":"@"}]}""", "tool", OneTool),
        ],
        ["response error.message, incomplete_details.reason"] =
        [
            new("""{"object":"response","error":{"code":"server_error","message":"@"}}""", "unknown", "error"),
            new("""{"object":"response","incomplete_details":{"reason":"@"}}""", "unknown", "error"),
        ],
        ["stream response.output_text.delta .delta (+logprobs) / .done .text"] =
        [
            Event("output_text.delta", "\"delta\":\"@\"", "message"),
            Event("output_text.delta", "\"delta\":\"MASKME\",\"logprobs\":[{\"token\":\"@\"}]", "message", Fate.Dropped),
            Event("output_text.done", "\"text\":\"@\"", "message"),
        ],
        ["stream response.refusal.delta .delta / .done .refusal"] =
            [Event("refusal.delta", "\"delta\":\"@\"", "refusal"), Event("refusal.done", "\"refusal\":\"@\"", "refusal")],
        ["stream response.function_call_arguments.delta .delta / .done .arguments"] =
        [
            Event("function_call_arguments.delta", "\"delta\":\"{\\\"a\\\":\\\"@\"", "tool_call"),
            Event("function_call_arguments.done", "\"arguments\":\"{\\\"a\\\":\\\"@\\\"}\"", "tool_call"),
        ],
        ["stream response.custom_tool_call_input.delta .delta / .done .input"] =
            [Event("custom_tool_call_input.delta", "\"delta\":\"@\"", "tool_call"),
                Event("custom_tool_call_input.done", "\"input\":\"@\"", "tool_call")],
        ["stream response.mcp_call_arguments.delta / .done"] =
        [
            Event("mcp_call_arguments.delta", "\"delta\":\"{\\\"a\\\":\\\"@\\\"}\"", "tool_call"),
            Event("mcp_call_arguments.done", "\"arguments\":\"{\\\"a\\\":\\\"@\\\"}\"", "tool_call"),
        ],
        ["stream response.reasoning_summary_text.delta / .done .text, response.reasoning_summary_part.added|done .part.text"] =
        [
            Event("reasoning_summary_text.delta", "\"summary_index\":1,\"delta\":\"@\"", "reasoning"),
            Event("reasoning_summary_text.done", "\"summary_index\":1,\"text\":\"@\"", "reasoning"),
            Event("reasoning_summary_part.added", "\"summary_index\":1,\"part\":{\"type\":\"summary_text\",\"text\":\"@\"}", "reasoning"),
            Event("reasoning_summary_part.done", "\"summary_index\":1,\"part\":{\"type\":\"summary_text\",\"text\":\"@\"}", "reasoning"),
        ],
        ["stream response.reasoning_text.delta / .done"] =
            [Event("reasoning_text.delta", "\"delta\":\"@\"", "reasoning"), Event("reasoning_text.done", "\"text\":\"@\"", "reasoning")],
        ["stream response.code_interpreter_call_code.delta / .done .code"] =
            [Event("code_interpreter_call_code.delta", "\"delta\":\"@\"", "tool_call"),
                Event("code_interpreter_call_code.done", "\"code\":\"@\"", "tool_call")],
        ["stream response.shell_call_command.added|delta|done, response.shell_call_output_content.delta|done"] =
        [
            Event("shell_call_command.added", "\"command_index\":0,\"command\":\"@\"", "tool_call"),
            Event("shell_call_command.delta", "\"command_index\":0,\"delta\":\"@\"", "tool_call"),
            Event("shell_call_command.done", "\"command_index\":0,\"command\":\"@\"", "tool_call"),
            Event("shell_call_output_content.delta", "\"command_index\":0,\"delta\":{\"stdout\":\"@\"}", "tool_result") with { Role = "tool" },
            Event("shell_call_output_content.done", "\"command_index\":0,\"output\":[{\"stderr\":\"@\"}]", "tool_result") with { Role = "tool" },
        ],
        ["stream response.audio.transcript.delta"] = [Event("audio.transcript.delta", "\"delta\":\"@\"", "message")],
        ["stream response.output_text.annotation.added .annotation"] =
            [Event("output_text.annotation.added",
                "\"annotation_index\":0,\"annotation\":{\"type\":\"url_citation\",\"title\":\"@\",\"start_index\":0}", "document")],
        ["stream response.content_part.added|done .part.text"] =
        [
            Event("content_part.added", "\"part\":{\"type\":\"output_text\",\"text\":\"@\"}", "message"),
            Event("content_part.done", "\"part\":{\"type\":\"output_text\",\"text\":\"@\"}", "message"),
            Event("content_part.done", "\"part\":{\"type\":\"output_text\",\"text\":\"MASKME\",\"logprobs\":[{\"token\":\"@\"}]}", "message",
                Fate.Dropped),
        ],
        ["stream response.output_item.added|done .item"] =
        [
            Event("output_item.added",
                "\"item\":{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"@\"}]}", "message"),
            Event("output_item.done", "\"item\":{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"@\\\"}\"}", "tool_call"),
        ],
        ["stream response.created|in_progress|queued|completed|incomplete|failed .response"] =
        [
            .. new[] { "created", "in_progress", "queued", "completed", "incomplete", "failed" }.Select(name => Event(
                name,
                "\"response\":{\"object\":\"response\",\"output\":[{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"@\"}]}]}",
                "message")),
            Event("completed", "\"response\":{\"object\":\"response\",\"instructions\":\"@\"}", "message") with { Role = "system" },
            Event("failed", "\"response\":{\"object\":\"response\",\"error\":{\"message\":\"@\"}}", "error") with { Role = "unknown" },
        ],
        ["stream error .message"] =
        [
            new("""{"type":"error","code":"server_error","message":"@","sequence_number":1}""", "unknown", "error"),
            new("""{"type":"error","error":{"message":"@"}}""", "unknown", "error"),
            new("""{"error":{"message":"@"}}""", "unknown", "error"),
        ],
    };

    private static LocationTemplate Input(string item, string role, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        new("{\"model\":\"m\",\"input\":[" + item + "]}", role, kind, fate) { Uninspected = uninspected };

    private static LocationTemplate Part(string part, string kind, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        Input("{\"role\":\"user\",\"content\":[" + part + "]}", "user", kind, fate, uninspected);

    private static LocationTemplate Call(string item) => Input(item, "assistant", "tool_call");

    private static LocationTemplate Result(string item, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        Input(item, "tool", "tool_result", fate, uninspected);

    private static LocationTemplate Output(string item, string role, string kind, Fate fate = Fate.Masked) =>
        new("{\"id\":\"r\",\"object\":\"response\",\"output\":[" + item + "]}", role, kind, fate);

    private static LocationTemplate Answer(string part, string kind, Fate fate = Fate.Masked) =>
        Output("{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":[" + part + "]}", "assistant", kind,
            fate);

    private static LocationTemplate Event(string name, string members, string kind, Fate fate = Fate.Masked) =>
        new("{\"type\":\"response." + name + "\",\"sequence_number\":3,\"output_index\":0," + members + "}", "assistant", kind, fate);
}
