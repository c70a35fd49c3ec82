using static LlmGuard.Integration.Tests.Sdks.Model.Words;

namespace LlmGuard.Integration.Tests.Sdks.Model;

/// <summary>A scene as responses of OpenAI, with every copy of the text that the vendor's streams carry.</summary>
internal static class ResponsesWords
{
    private const string Part = "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0";

    public static string Whole(Scene scene) =>
        Response(
            "completed", Message("completed", Text(scene.Text)) + (scene.HasTool ? "," + Call("completed", string.Concat(scene.Arguments)) : ""));

    public static IEnumerable<string?> Events(Scene scene)
    {
        var sequence = 0;
        yield return Next("response.created", "\"response\":" + Response("in_progress", ""));
        yield return Next("response.output_item.added", "\"output_index\":0,\"item\":" + Message("in_progress", ""));
        yield return Next("response.content_part.added", Part + ",\"part\":" + Text(""));
        foreach (var piece in scene.Pieces)
        {
            yield return piece is null ? null : Next("response.output_text.delta", $"{Part},\"delta\":{Quote(piece)},\"logprobs\":[]");
        }

        yield return Next("response.output_text.done", $"{Part},\"text\":{Quote(scene.Text)},\"logprobs\":[]");
        yield return Next("response.content_part.done", Part + ",\"part\":" + Text(scene.Text));
        yield return Next("response.output_item.done", "\"output_index\":0,\"item\":" + Message("completed", Text(scene.Text)));
        if (scene.HasTool)
        {
            const string Item = "\"item_id\":\"fc_1\",\"output_index\":1";
            var arguments = string.Concat(scene.Arguments);
            yield return Next("response.output_item.added", "\"output_index\":1,\"item\":" + Call("in_progress", ""));
            foreach (var piece in scene.Arguments)
            {
                yield return Next("response.function_call_arguments.delta", $"{Item},\"delta\":{Quote(piece)}");
            }

            yield return Next("response.function_call_arguments.done", $"{Item},\"name\":\"{Tool}\",\"arguments\":{Quote(arguments)}");
            yield return Next("response.output_item.done", "\"output_index\":1,\"item\":" + Call("completed", arguments));
        }

        yield return Next("response.completed", "\"response\":" + Whole(scene));

        string Next(string type, string rest) => Event(type, $"\"sequence_number\":{sequence++},{rest}");
    }

    private static string Text(string text) => $$"""{"type":"output_text","text":{{Quote(text)}},"annotations":[],"logprobs":[]}""";

    private static string Message(string status, string content) =>
        $$"""{"id":"msg_1","type":"message","role":"assistant","status":"{{status}}","content":[{{content}}]}""";

    private static string Call(string status, string arguments) =>
        $$"""{"id":"fc_1","type":"function_call","call_id":"call_1","name":"{{Tool}}","status":"{{status}}","arguments":{{Quote(arguments)}}}""";

    private static string Response(string status, string output) =>
        $$$"""{"id":"resp_1","object":"response","created_at":1700000000,"status":"{{{status}}}","error":null,"incomplete_details":null,"instructions":null,"model":"toy","output":[{{{output}}}],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"metadata":{},"usage":{"input_tokens":1,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":3}}""";
}
