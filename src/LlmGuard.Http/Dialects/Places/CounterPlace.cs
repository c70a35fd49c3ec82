using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>The number of a stream's event, which differs in each and says nothing else. What is no number is read.</summary>
internal sealed class CounterPlace : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind == JsonTokenKind.Number)
        {
            walk.Count(token);
        }
        else
        {
            Expect.Scalar.Visit(walk, token, context);
        }
    }
}
