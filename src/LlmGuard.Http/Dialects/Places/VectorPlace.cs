using System.Buffers.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A vector, as numbers or as the base64 of its floats; anything else is walked.</summary>
internal sealed class VectorPlace : Place
{
    private const int FloatSize = sizeof(float);

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (!IsVector(walk, token))
        {
            walk.Unknown(token, context);
        }
    }

    private static bool IsVector(JsonWalk walk, int token)
    {
        if (walk.Tape[token].Kind == JsonTokenKind.String)
        {
            return Base64.IsValid(walk.Unescape(token).Span, out var length) && length % FloatSize == 0;
        }

        if (walk.Tape[token].Kind != JsonTokenKind.Array)
        {
            return false;
        }

        for (var item = token + 1; item < walk.Tape[token].Next; item++)
        {
            if (walk.Tape[item].Kind != JsonTokenKind.Number)
            {
                return false;
            }
        }

        return true;
    }
}
