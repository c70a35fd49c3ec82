using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>A number or switch of the protocol that no model reads.</summary>
internal sealed class ScalarPlace : Place
{
    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        if (walk.Tape[token].Kind is JsonTokenKind.String or JsonTokenKind.Object or JsonTokenKind.Array)
        {
            walk.Unknown(token, context);
        }
    }
}

/// <summary>One of the protocol's own words.</summary>
/// <param name="others">The place of any other value.</param>
/// <param name="words">The words.</param>
internal sealed class WordPlace(Place others, params string[] words) : Place
{
    private readonly byte[][] _words = [.. words.Select(Encoding.UTF8.GetBytes)];

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        foreach (var word in _words)
        {
            if (walk.Is(token, word))
            {
                return;
            }
        }

        others.Visit(walk, token, context);
    }
}

/// <summary>Figures of the provider: numbers and switches at any depth under names of the provider; texts among them are walked.</summary>
/// <param name="count">Whether numbers differ in each event of a stream and nothing but the call's usage depends on them.</param>
/// <param name="words">Words of the protocol among them.</param>
internal sealed class FiguresPlace(bool count, params string[] words) : Place
{
    private readonly WordPlace _words = new(Expect.Unknown, words);

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        for (var i = token; i < walk.Tape[token].Next && !walk.HasFailed; i++)
        {
            if (walk.Tape[i].Kind == JsonTokenKind.String)
            {
                _words.Visit(walk, i, context);
            }
            else if (count && walk.Tape[i].Kind == JsonTokenKind.Number)
            {
                walk.Count(i);
            }
        }
    }
}
