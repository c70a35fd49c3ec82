using System.Text;
using System.Text.Json;

namespace LlmGuard.Http.Tests.Streams;

/// <summary>Streams of the dialects, made of texts.</summary>
internal static class SampleStreams
{
    public static byte[] Chat(params IEnumerable<string> deltas) => ChatOf(deltas.Select(d => (0, d)));

    public static byte[] ChatOf(IEnumerable<(int Choice, string Text)> deltas, string newline = "\n")
    {
        var stream = new StringBuilder();
        foreach (var choice in deltas.Select(d => d.Choice).Distinct())
        {
            stream.Append("data: ").Append(ChatChunk(choice, "\"role\":\"assistant\",\"content\":\"\"")).Append(newline).Append(newline);
        }

        foreach (var (choice, text) in deltas)
        {
            stream.Append("data: ").Append(ChatChunk(choice, "\"content\":" + JsonSerializer.Serialize(text))).Append(newline).Append(newline);
        }

        foreach (var choice in deltas.Select(d => d.Choice).Distinct())
        {
            stream.Append("data: ").Append(ChatChunk(choice, "", "\"stop\"")).Append(newline).Append(newline);
        }

        stream.Append("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],")
            .Append("\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}").Append(newline).Append(newline);
        stream.Append("data: [DONE]").Append(newline).Append(newline);
        return Encoding.UTF8.GetBytes(stream.ToString());
    }

    public static byte[] ChatTool(params IEnumerable<string> fragments)
    {
        var stream = new StringBuilder();
        stream.Append("data: ").Append(ChatChunk(0, "\"role\":\"assistant\",\"content\":null")).Append("\n\n");
        stream.Append("data: ")
            .Append(ChatChunk(0,
            "\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"send\",\"arguments\":\"\"}}]"))
            .Append("\n\n");
        foreach (var fragment in fragments)
        {
            stream.Append("data: ")
                .Append(ChatChunk(0, "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":" + JsonSerializer.Serialize(fragment) + "}}]"))
                .Append("\n\n");
        }

        stream.Append("data: ").Append(ChatChunk(0, "", "\"tool_calls\"")).Append("\n\ndata: [DONE]\n\n");
        return Encoding.UTF8.GetBytes(stream.ToString());
    }

    public static byte[] Anthropic(params IEnumerable<string> deltas)
    {
        var stream = new StringBuilder();
        Add("message_start", "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}");
        Add("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
        foreach (var delta in deltas)
        {
            Add("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + JsonSerializer.Serialize(delta) + "}");
        }

        Add("content_block_stop", "\"index\":0");
        Add("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":9}");
        Add("message_stop", "");
        return Encoding.UTF8.GetBytes(stream.ToString());

        void Add(string type, string members) =>
            stream.Append("event: ").Append(type).Append("\ndata: {\"type\":\"").Append(type).Append('"').Append(members.Length > 0 ? "," : "")
                .Append(members).Append("}\n\n");
    }

    public static byte[] Lines(params IEnumerable<string> texts) =>
        Encoding.UTF8.GetBytes(string.Concat(texts.Select(t => "{\"part\":" + JsonSerializer.Serialize(t) + "}\n")));

    private static string ChatChunk(int choice, string delta, string finish = "null") =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":{{choice}},"delta":{ {{delta}} },"logprobs":null,"finish_reason":{{finish}}}]}""";
}
