using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace LlmGuard.Http.Tests.Dialects.Replay;

/// <summary>One recorded exchange with a provider.</summary>
internal sealed record Recording(string Id, string Api, string Path, string? Request, int Status, string ContentType, byte[] Response)
{
    // Rows without a path are of tests that named the operation only.
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["chat/completions"] = "/v1/chat/completions",
        ["completions"] = "/v1/chat/completions",
        ["messages"] = "/v1/messages",
        ["responses"] = "/v1/responses",
        ["embeddings"] = "/v1/embeddings",
        ["v2/chat"] = "/v2/chat",
        ["generateContent"] = "/v1beta/models/gemini:generateContent",
        ["converse"] = "/model/m/converse",
        ["converse-stream"] = "/model/m/converse-stream",
    };

    public static string? File { get; } = Find();

    public bool IsEventStream => ContentType.StartsWith("text/event-stream", StringComparison.Ordinal);

    /// <summary>Every exchange of the file; empty when it is not there.</summary>
    public static IEnumerable<Recording> All()
    {
        if (File is null)
        {
            yield break;
        }

        using var reader = new StreamReader(new GZipStream(System.IO.File.OpenRead(File), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return Of(document.RootElement);
        }
    }

    public override string ToString() => Id;

    private static Recording Of(JsonElement row)
    {
        var api = Text(row, "api") ?? "";
        var body = Text(row, "response_b64") is { } binary ? Convert.FromBase64String(binary) : Encoding.UTF8.GetBytes(Text(row, "response") ?? "");
        var path = Text(row, "path") is { Length: > 0 } given ? given : Paths.GetValueOrDefault(api, "/" + api);
        return new Recording(
            Text(row, "id")!,
            api,
            path,
            Text(row, "method") is "POST" ? Text(row, "request") : null,
            row.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Number ? status.GetInt32() : 200,
            TypeOf(Text(row, "content_type"), body),
            body);
    }

    private static string TypeOf(string? given, byte[] body) => given is { Length: > 0 } ? given
        : body.AsSpan().IndexOf("data:"u8) is 0 || body.AsSpan().IndexOf("event:"u8) is 0 || body.AsSpan().IndexOf("\ndata:"u8) > 0
            ? "text/event-stream"
        : "application/json";

    private static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            var path = System.IO.Path.Combine(folder.FullName, "shared", "data", "llm_traffic", "recordings.jsonl.gz");
            if (System.IO.File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
