using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A payload that is a string by itself: base64, or a URL that leads to it or holds it.</summary>
/// <param name="kind">What it is when it is not text.</param>
internal sealed class MediaTextPlace(UninspectedKind kind) : Place
{
    private readonly MediaUrlPlace _url = new(kind);

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind == JsonTokenKind.String && !walk.IsEmptyString(token) && !HasScheme(walk.Unescape(token).Span))
        {
            MediaData.AddBase64(walk, token, walk.Unescape(token).Span, null, kind, context);
        }
        else
        {
            _url.Visit(walk, token, context);
        }
    }

    private static bool HasScheme(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        return colon is > 0 and <= 8 && Ascii.IsValid(text[..colon]);
    }
}
