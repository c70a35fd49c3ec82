using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Gemini;

/// <summary>A piece of one argument of a function call: pieces under the same path (<c>$.city</c>) are one text.</summary>
internal sealed class PartialArgumentPlace : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        var field = "arguments" + walk.String(walk.Find(ObjectAround(walk, token), "jsonpath"u8));
        Expect.StreamedAcross(field, Expect.Part).Visit(walk, token, context);
    }

    private static int ObjectAround(JsonWalk walk, int token)
    {
        // The nearest object that ends behind the token; the object of a piece holds only scalars.
        for (var i = token - 1; i >= 0; i--)
        {
            if (walk.Tape[i].Kind == JsonTokenKind.Object && walk.Tape[i].Next > token)
            {
                return i;
            }
        }

        return -1;
    }
}
