namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>The rows of <c>mcp.jsonrpc</c>.</summary>
internal static class McpLocations
{
    public static Dictionary<string, LocationTemplate[]> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["request method=tools/call params.arguments"] =
        [
            Request("tools/call", """{"name":"f","arguments":{"a":{"b":["@"]}}}""", "assistant", "tool_call"),
            Request("tools/call", """{"name":"f","arguments":{"@":1}}""", "assistant", "key", Fate.Fixed),
            new("""[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"f","arguments":{"a":"@"}}}]""", "assistant", "tool_call"),
        ],
        ["request method=tools/call params.name"] = [Request("tools/call", """{"name":"@"}""", "assistant", "metadata", Fate.Fixed)],
        ["request any params._meta"] =
        [
            Request("tools/call", """{"name":"f","_meta":{"a":"@"}}""", "assistant", "metadata"),
            Request("tools/list", """{"_meta":{"a":"@"}}""", "unknown", "metadata"),
        ],
        ["request method=prompts/get params.arguments.{*}"] = [Request("prompts/get", """{"name":"p","arguments":{"a":"@"}}""", "user", "message")],
        ["request method=resources/read params.uri"] = [Request("resources/read", """{"uri":"file:///@"}""", "assistant", "tool_call")],
        ["request method=completion/complete params.argument.value, params.context.arguments.{*}"] =
        [
            Request("completion/complete", """{"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":"@"}}""", "user", "message"),
            Request("completion/complete", """{"argument":{"name":"a","value":"x"},"context":{"arguments":{"b":"@"}}}""", "user", "message"),
        ],
        ["response result (tools/call) content[] text.text"] =
        [
            Content("""{"type":"text","text":"@"}"""),
            Content("""{"type":"hologram","text":"@"}""") with { Kind = "unknown" },
        ],
        ["response result content[] resource.resource.text"] =
            [Content("""{"type":"resource","resource":{"uri":"u","mimeType":"text/plain","text":"@"}}""")],
        ["response result content[] resource_link.{uri,name,title,description}"] =
        [
            .. new[] { "uri", "name", "title", "description" }.Select(field => Content("{\"type\":\"resource_link\",\"" + field + "\":\"@\"}")),
        ],
        ["response result content[] image.data|audio.data, resource.blob"] =
        [
            Content("""{"type":"image","mimeType":"image/png","data":"QUJD"}""", Fate.Reported, UninspectedKind.Image),
            Content("""{"type":"audio","mimeType":"audio/wav","data":"QUJD"}""", Fate.Reported, UninspectedKind.Audio),
            Content("""{"type":"resource","resource":{"uri":"u","mimeType":"application/pdf","blob":"QUJD"}}""", Fate.Reported, UninspectedKind.File),
            Content("{\"type\":\"resource\",\"resource\":{\"uri\":\"u\",\"mimeType\":\"text/plain\",\"blob\":\"" + LocationTemplate.Base64 + "\"}}",
                Fate.Fixed),
        ],
        ["response result structuredContent"] = [Result("""{"content":[],"structuredContent":{"a":["@"]}}""", "tool", "tool_result")],
        ["response result content[] tool_use.input, tool_result.{content,structuredContent}"] =
        [
            Content("""{"type":"tool_use","id":"t","name":"f","input":{"a":"@"}}""") with { Role = "assistant", Kind = "tool_call" },
            Content("""{"type":"tool_result","toolUseId":"t","content":[{"type":"text","text":"@"}]}"""),
            Content("""{"type":"tool_result","toolUseId":"t","structuredContent":{"a":"@"}}"""),
        ],
        ["response result (tools/list) tools[].{name,title,description,inputSchema,outputSchema,annotations}"] =
        [
            .. new[] { "\"name\":\"@\"", "\"title\":\"@\"", "\"description\":\"@\"", "\"inputSchema\":{\"title\":\"@\"}",
                "\"outputSchema\":{\"title\":\"@\"}", "\"annotations\":{\"title\":\"@\"}" }
                .Select(member => Result("{\"tools\":[{" + member + "}]}", "tool", "tool_definition")),
        ],
        ["response result (initialize|server/discover) instructions, serverInfo.*"] =
        [
            Result("""{"protocolVersion":"2025-06-18","instructions":"@"}""", "system", "message"),
            Result("""{"serverInfo":{"name":"@"}}""", "system", "metadata"),
        ],
        ["response result (prompts/get) description, messages[].content.*"] =
        [
            Result("""{"description":"@"}""", "tool", "tool_definition"),
            Result("""{"messages":[{"role":"user","content":{"type":"text","text":"@"}}]}""", "user", "message"),
            Result("""{"messages":[{"role":"assistant","content":[{"type":"text","text":"@"}]}]}""", "assistant", "message"),
            Result("""{"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"u","text":"@"}}}]}""", "user", "document"),
        ],
        ["response result (prompts/list, resources/list, resources/templates/list) *.{name,title,description}"] =
        [
            .. new[] { "prompts", "resources", "resourceTemplates" }.SelectMany(list => new[] { "name", "title", "description" }
                .Select(field => Result("{\"" + list + "\":[{\"" + field + "\":\"@\"}]}", "tool", "tool_definition"))),
        ],
        ["response result (resources/read) contents[].text | blob"] =
        [
            Result("""{"contents":[{"uri":"u","text":"@"}]}""", "tool", "document"),
            Result("""{"contents":[{"uri":"u","mimeType":"application/pdf","blob":"QUJD"}]}""", "tool", "document",
                Fate.Reported) with { Uninspected = UninspectedKind.File },
            Result("{\"contents\":[{\"uri\":\"u\",\"mimeType\":\"text/plain\",\"blob\":\"" + LocationTemplate.Base64 + "\"}]}", "tool", "document",
                Fate.Fixed),
        ],
        ["response result (completion/complete) completion.values[]"] =
            [Result("""{"completion":{"values":["x","@"],"total":2}}""", "tool", "tool_result")],
        ["response error.{message,data}"] =
        [
            new("""{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"@"}}""", "unknown", "error"),
            new("""{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"x","data":{"a":"@"}}}""", "unknown", "error"),
        ],
        ["request server -> client method=sampling/createMessage params.{systemPrompt,messages[].content.*,tools}"] =
        [
            Request("sampling/createMessage", """{"systemPrompt":"@"}""", "system", "message"),
            Request("sampling/createMessage", """{"messages":[{"role":"user","content":{"type":"text","text":"@"}}]}""", "user", "message"),
            Request("sampling/createMessage",
                """{"messages":[{"role":"user","content":[{"type":"tool_result","toolUseId":"t","content":[{"type":"text","text":"@"}]}]}]}""",
                "tool", "tool_result"),
            Request("sampling/createMessage", """{"tools":[{"name":"f","description":"@"}]}""", "tool", "tool_definition"),
        ],
        ["response client -> server sampling result content.*"] =
        [
            Result("""{"role":"assistant","model":"m","content":{"type":"text","text":"@"}}""", "assistant", "message"),
            Result("""{"role":"assistant","model":"m","content":[{"type":"tool_use","id":"t","name":"f","input":{"a":"@"}}]}""", "assistant",
                "tool_call"),
        ],
        ["request server -> client method=elicitation/create params.{message,requestedSchema,url}"] =
        [
            Request("elicitation/create", """{"message":"@"}""", "tool", "tool_result"),
            Request("elicitation/create", """{"requestedSchema":{"properties":{"a":{"title":"@"}}}}""", "tool", "tool_result"),
            Request("elicitation/create", """{"mode":"url","url":"https://x.test/@"}""", "tool", "tool_result"),
        ],
        ["response client -> server elicitation result content.{*}"] = [Result("""{"action":"accept","content":{"a":"@"}}""", "user", "message")],
        ["response 2026-07-28: result inputRequests[].params, requestState (opaque)"] =
        [
            Result("""{"inputRequests":[{"method":"elicitation/create","params":{"message":"@"}}],"requestState":"s"}""", "tool",
                "tool_result") with { Uninspected = UninspectedKind.ServerState },
            Result("""{"inputRequests":{"a":{"method":"elicitation/create","params":{"message":"@"}}}}""", "tool", "tool_result"),
        ],
        ["stream notifications/message params.data, notifications/progress params.message, notifications/cancelled params.reason"] =
        [
            Request("notifications/message", """{"level":"info","data":{"a":"@"}}""", "tool", "tool_result"),
            Request("notifications/message", """{"level":"info","data":"@"}""", "tool", "tool_result"),
            Request("notifications/progress", """{"progressToken":"t","progress":1,"message":"@"}""", "tool", "tool_result"),
            Request("notifications/cancelled", """{"requestId":1,"reason":"@"}""", "tool", "tool_result"),
        ],
    };

    private static LocationTemplate Request(string method, string parameters, string role, string kind, Fate fate = Fate.Masked) =>
        new("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + parameters + "}", role, kind, fate);

    private static LocationTemplate Result(string result, string role, string kind, Fate fate = Fate.Masked) =>
        new("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + "}", role, kind, fate);

    private static LocationTemplate Content(string block, Fate fate = Fate.Masked, UninspectedKind? uninspected = null) =>
        Result("{\"content\":[" + block + "]}", "tool", "tool_result", fate) with { Uninspected = uninspected };
}
