using static LlmGuard.Integration.Tests.Sdks.Model.Words;

namespace LlmGuard.Integration.Tests.Sdks.Model;

/// <summary>A scene as chat completions of OpenAI.</summary>
internal static class ChatWords
{
    public static string Whole(Scene scene)
    {
        var tool = scene.HasTool ? $$$""","tool_calls":[{"id":"call_1","type":"function","function":{"name":"{{{Tool}}}","arguments":{{{Quote(string.Concat(scene.Arguments))}}}}}]""" : "";
        return $$$"""{{{{Head("chat.completion")}}},"choices":[{"index":0,"message":{"role":"assistant","content":{{{Quote(scene.Text)}}},"refusal":null{{{tool}}}},"logprobs":null,"finish_reason":"{{{Finish(scene)}}}"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""";
    }

    public static IEnumerable<string?> Events(Scene scene)
    {
        yield return Chunk("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null");
        foreach (var piece in scene.Pieces)
        {
            yield return piece is null ? null : Chunk($"\"content\":{Quote(piece)}");
        }

        if (scene.HasTool)
        {
            yield return Chunk($$$"""
                "tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"{{{Tool}}}","arguments":""}}]
                """);
            foreach (var piece in scene.Arguments)
            {
                yield return Chunk($$$"""
                    "tool_calls":[{"index":0,"function":{"arguments":{{{Quote(piece)}}}}}]
                    """);
            }
        }

        yield return Chunk("", $"\"{Finish(scene)}\"");
        yield return Event("[DONE]");
    }

    private static string Finish(Scene scene) => scene.HasTool ? "tool_calls" : "stop";

    private static string Head(string type) => $"\"id\":\"chatcmpl-1\",\"object\":\"{type}\",\"created\":1700000000,\"model\":\"toy\"";

    private static string Chunk(string delta, string finish = "null") =>
        Event($$"""{{{Head("chat.completion.chunk")}},"choices":[{"index":0,"delta":{{{delta}}},"logprobs":null,"finish_reason":{{finish}}}]}""");
}
