using static LlmGuard.Integration.Tests.Sdks.Model.Words;

namespace LlmGuard.Integration.Tests.Sdks.Model;

/// <summary>A scene as messages of Anthropic.</summary>
internal static class MessagesWords
{
    public static string Whole(Scene scene)
    {
        var tool = scene.HasTool ? $$""",{"type":"tool_use","id":"toolu_1","name":"{{Tool}}","input":{{string.Concat(scene.Arguments)}}}""" : "";
        return Message($$"""{"type":"text","text":{{Quote(scene.Text)}}}{{tool}}""", $"\"{Stop(scene)}\"");
    }

    public static IEnumerable<string?> Events(Scene scene)
    {
        yield return Event("message_start", "\"message\":" + Message("", "null"));
        yield return Start(0, """{"type":"text","text":""}""");
        foreach (var piece in scene.Pieces)
        {
            yield return piece is null ? null : Delta(0, $$"""{"type":"text_delta","text":{{Quote(piece)}}}""");
        }

        yield return Event("content_block_stop", "\"index\":0");
        if (scene.HasTool)
        {
            yield return Start(1, $$$"""{"type":"tool_use","id":"toolu_1","name":"{{{Tool}}}","input":{}}""");
            foreach (var piece in scene.Arguments)
            {
                yield return Delta(1, $$"""{"type":"input_json_delta","partial_json":{{Quote(piece)}}}""");
            }

            yield return Event("content_block_stop", "\"index\":1");
        }

        yield return Event("message_delta", $$"""
            "delta":{"stop_reason":"{{Stop(scene)}}","stop_sequence":null},"usage":{"output_tokens":2}
            """);
        yield return "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    }

    private static string Stop(Scene scene) => scene.HasTool ? "tool_use" : "end_turn";

    private static string Start(int index, string block) => Event("content_block_start", $"\"index\":{index},\"content_block\":{block}");

    private static string Delta(int index, string delta) => Event("content_block_delta", $"\"index\":{index},\"delta\":{delta}");

    private static string Message(string content, string stop) =>
        $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"toy","content":[{{{content}}}],"stop_reason":{{{stop}}},"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":2}}""";
}
