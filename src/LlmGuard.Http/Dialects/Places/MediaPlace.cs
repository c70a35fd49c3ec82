using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A URL that leads to a payload, or holds it (<c>data:</c>).</summary>
internal sealed class MediaUrlPlace(UninspectedKind kind) : Place
{
    private const int LongestUrl = 65_519;

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind != JsonTokenKind.String)
        {
            walk.Unknown(token, context);
            return;
        }

        var url = walk.Unescape(token);
        if (url.Length >= 5 && Ascii.EqualsIgnoreCase(url.Span[..5], "data:"u8))
        {
            MediaData.AddDataUrl(walk, token, url[5..], kind, context);
        }
        else if (url.Length <= LongestUrl && Uri.TryCreate(Encoding.UTF8.GetString(url.Span), UriKind.Absolute, out var uri))
        {
            walk.Binary(kind, default, null, uri, context);
        }
        else if (url.Length > 0)
        {
            walk.Unknown(token, context);
            walk.Binary(kind, default, null, null, context);
        }
    }
}

/// <summary>A payload in base64, described by a member next to it.</summary>
/// <param name="kind">What it is when it is not text.</param>
/// <param name="mediaTypeOf">Reads the media type off the object around it.</param>
/// <param name="member">Folded name of the member that holds the payload.</param>
/// <param name="others">The place of the object with its other members.</param>
internal sealed class MediaObjectPlace(UninspectedKind kind, Func<JsonWalk, int, string?> mediaTypeOf, string member, Place others) : Place
{
    private readonly byte[] _member = Encoding.UTF8.GetBytes(member);

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        others.Visit(walk, token, context);
        var data = walk.Find(token, _member);
        if (data < 0 || walk.HasFailed || walk.Tape[data].Kind == JsonTokenKind.Null)
        {
            return;
        }

        if (walk.Tape[data].Kind != JsonTokenKind.String)
        {
            walk.Unknown(data, context);
            return;
        }

        var text = walk.Unescape(data);
        if (text.Length >= 5 && Ascii.EqualsIgnoreCase(text.Span[..5], "data:"u8))
        {
            MediaData.AddDataUrl(walk, data, text[5..], kind, context);
        }
        else if (text.Length > 0)
        {
            MediaData.AddBase64(walk, data, text.Span, mediaTypeOf(walk, token), kind, context);
        }
    }
}
