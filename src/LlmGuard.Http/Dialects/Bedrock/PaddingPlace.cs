using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>What AWS fills events up with so that their size tells less: the start of the alphabet. Anything else under that name is read.</summary>
internal sealed class PaddingPlace : Place
{
    /// <summary>The letters and digits in their order.</summary>
    public static ReadOnlySpan<byte> Alphabet => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8;

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind == JsonTokenKind.String && Alphabet.StartsWith(walk.Raw(token)))
        {
            walk.Fill(token);
        }
        else
        {
            Expect.Id.Visit(walk, token, context);
        }
    }
}
