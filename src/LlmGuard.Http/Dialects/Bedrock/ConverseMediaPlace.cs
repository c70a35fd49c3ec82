using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>An image, document, video or sound: its <c>format</c> says what the bytes in its <c>source</c> are.</summary>
internal sealed class ConverseMediaPlace : Place
{
    private readonly UninspectedKind _kind;
    private readonly Place _object;

    /// <param name="kind">What it is when it is not text.</param>
    /// <param name="source">Further members of the source.</param>
    /// <param name="members">Further members.</param>
    public ConverseMediaPlace(UninspectedKind kind, (string, Place)[]? source = null, params (string, Place)[] members)
    {
        _kind = kind;
        var location = Expect.Object(("uri", Expect.Url(kind)), ("bucketOwner", Expect.Id));
        _object = Expect.Object(
        [
            .. members,
            ("format", Expect.Id),
            ("source", Expect.OneOf(Expect.Unknown, item: Expect.Object([.. source ?? [], ("bytes", Expect.Ignored), ("s3Location", location)]))),
        ]);
    }

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        _object.Visit(walk, token, context);
        var bytes = walk.FindPath(token, "source"u8, "bytes"u8);
        if (walk.HasFailed || !walk.IsPresent(bytes) || walk.IsEmptyString(bytes))
        {
            return;
        }

        if (walk.Tape[bytes].Kind == JsonTokenKind.String)
        {
            MediaData.AddBase64(walk, bytes, walk.Unescape(bytes).Span, MediaType(walk.String(walk.Find(token, "format"u8))), _kind, context);
        }
        else
        {
            walk.Unknown(bytes, context);
        }
    }

    // Those of the formats that are text; all others are binary whatever they are called.
    private static string? MediaType(string? format) => format?.ToLowerInvariant() switch
    {
        "txt" => "text/plain",
        "md" => "text/markdown",
        "csv" => "text/csv",
        "html" => "text/html",
        _ => null,
    };
}
