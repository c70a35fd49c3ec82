using LlmGuard.Http.Json;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>A JSON text of any dialect or none.</summary>
internal sealed class JsonReadBody(JsonBody json, string? dialect) : ReadBody
{
    public override BodyFacts Facts => FactsOf(json, dialect);

    public static BodyReadResult Read(ReadOnlyMemory<byte> text, BodyReading reading, string? dialect)
    {
        var result = JsonBodyReader.Read(text, reading.Json(dialect), reading.Builder);
        if (result.Body is not { } json)
        {
            return BodyReadResult.Unreadable(result);
        }

        return reading.HasTooManySegments ? BodyReadResult.TooLarge : BodyReadResult.Read(new JsonReadBody(json, dialect));
    }

    public static BodyFacts FactsOf(JsonBody json, string? dialect) => new()
    {
        Dialect = dialect,
        Model = json.Model,
        IsStreaming = json.IsStreaming,
        CreatesServerState = json.CreatesServerState,
        JsonDepth = json.Depth,
        Messages = json.Messages,
        AsksForUsage = json.AsksForUsage,
        Asks = json.Asks,
        Conversation = json.Conversation,
        Usage = json.Usage,
        ReplyTo = json.ReplyTo,
    };

    public override BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        var rewrite = json.Rewrite(edits, changes);
        return rewrite.Failure is null ? new BodyRewrite(rewrite.Bytes, false) : BodyRewrite.NotApplicable;
    }
}
