using System.Text;
using System.Text.Json;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Protocols;

/// <summary>One item of a conversation as Noma reads it: a message, a tool call, a tool's result or an image.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Segment">Its first segment.</param>
/// <param name="Passages">Its texts; none for an image.</param>
/// <param name="IsResponse">Whether the model says it rather than reads it.</param>
internal sealed record ScanItem(ScanItemKind Kind, Segment Segment, IReadOnlyList<Passage> Passages, bool IsResponse)
{
    private const string UnknownType = "application/octet-stream";

    /// <summary>Noma's role.</summary>
    public string Role => Segment.Role == SegmentRole.System ? "system"
        : Segment.Role == SegmentRole.Assistant || (IsResponse && Segment.Role != SegmentRole.User) ? "assistant"
        : "user";

    /// <summary>The only text of a message; null for anything else, which is not masked.</summary>
    public Passage? Maskable => Kind == ScanItemKind.Message ? Passages[0] : null;

    /// <summary>The items of texts, in their order. Leaves of one tool call stand together.</summary>
    public static List<ScanItem> Of(IReadOnlyList<Passage> passages, bool isResponse)
    {
        var items = new List<ScanItem>(passages.Count);
        for (var i = 0; i < passages.Count;)
        {
            var first = passages[i].First;
            var kind = KindOf(first);
            var count = 1;
            while (kind == ScanItemKind.ToolCall && first.Group >= 0 && i + count < passages.Count && passages[i + count].First.Group == first.Group)
            {
                count++;
            }

            items.Add(new ScanItem(kind, first, [.. passages.Skip(i).Take(count)], isResponse));
            i += count;
        }

        return items;
    }

    /// <summary>Whether a segment is what tools are, are asked or say.</summary>
    public static bool IsToolTraffic(Segment segment) =>
        KindOf(segment) != ScanItemKind.Message || segment.Kind == SegmentKind.ToolDefinition;

    /// <summary>Whether Noma can be shown an image: its bytes are here, or it can fetch them.</summary>
    public static bool CanSend(Segment image) => !image.Bytes.IsEmpty || image.Uri is { IsAbsoluteUri: true, Scheme: "http" or "https" or "data" };

    /// <summary>The URL of an image: its own, or one that holds its bytes.</summary>
    public static string ImageUrl(Segment image) =>
        image.Bytes.IsEmpty ? image.Uri!.OriginalString : $"data:{image.MediaType ?? UnknownType};base64,{Convert.ToBase64String(image.Bytes.Span)}";

    public void Write(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        switch (Kind)
        {
            case ScanItemKind.ToolCall:
                body.WriteString("type"u8, "function_call"u8);
                body.WriteString("call_id"u8, CallId);
                body.WriteString("name"u8, Segment.Name is { Length: > 0 } name ? name : "tool");
                body.WriteString("arguments"u8, Arguments());
                break;
            case ScanItemKind.ToolResult:
                body.WriteString("type"u8, "function_call_output"u8);
                body.WriteString("call_id"u8, CallId);
                body.WriteString("output"u8, Passages[0].Utf8.Span);
                break;
            default:
                WriteMessage(body);
                break;
        }

        body.WriteEndObject();
    }

    // The wire's own ids are not part of the content; leaves of one call share theirs.
    private string CallId => Segment.Group >= 0 ? $"call_g{Segment.Group}" : $"call_{Segment.Index}";

    private static ScanItemKind KindOf(Segment segment) =>
        segment.Kind == SegmentKind.ToolResult || segment.Role == SegmentRole.Tool ? ScanItemKind.ToolResult
        : segment.Kind == SegmentKind.ToolCall || (segment.Kind == SegmentKind.Key && segment.Group >= 0) ? ScanItemKind.ToolCall
        : ScanItemKind.Message;

    private void WriteMessage(Utf8JsonWriter body)
    {
        body.WriteString("type"u8, "message"u8);
        body.WriteString("role"u8, Role);
        body.WriteStartArray("content"u8);
        body.WriteStartObject();
        if (Kind == ScanItemKind.Image)
        {
            body.WriteString("type"u8, "input_image"u8);
            body.WriteString("image_url"u8, ImageUrl(Segment));
            body.WriteString("detail"u8, "auto"u8);
        }
        else
        {
            body.WriteString("type"u8, Role == "assistant" ? "output_text"u8 : "input_text"u8);
            body.WriteString("text"u8, Passages[0].Utf8.Span);
        }

        body.WriteEndObject();
        body.WriteEndArray();
    }

    // The names and values of the arguments; how they nest is not part of the content.
    private string Arguments()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("values"u8);
            foreach (var passage in Passages)
            {
                json.WriteStringValue(passage.Utf8.Span);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}

/// <summary>What a <see cref="ScanItem"/> is.</summary>
internal enum ScanItemKind
{
    Message,
    ToolCall,
    ToolResult,
    Image,
}
