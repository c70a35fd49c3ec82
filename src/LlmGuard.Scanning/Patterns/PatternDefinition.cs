namespace LlmGuard.Scanning.Patterns;

/// <summary>What a parsed pattern matches by definition: one alternative after the other, without any shortcut, on short ASCII texts.</summary>
internal ref struct PatternDefinition(string text)
{
    private const int MaxSteps = 50_000;

    private readonly string _text = text;
    private int _steps;

    /// <summary>All matches; null when finding them takes too long.</summary>
    public static List<(long Start, long End)>? Matches(PatternNode node, string text)
    {
        var definition = new PatternDefinition(text);
        var found = new List<(long, long)>();
        for (var at = 0; at < text.Length;)
        {
            var end = definition.Try(node, at, null);
            if (definition._steps > MaxSteps)
            {
                return null;
            }

            if (end > at)
            {
                found.Add((at, end));
            }

            at = Math.Max(end, at + 1);
        }

        return found;
    }

    // The end of the first way to match a node and all that follows it, or -1.
    private int Try(PatternNode node, int at, Next? next)
    {
        if (++_steps > MaxSteps)
        {
            return -1;
        }

        switch (node)
        {
            case PatternNode.One one:
                return at < _text.Length && one.Set.Contains(_text[at]) ? Go(at + 1, next) : -1;
            case PatternNode.At assertion:
                return Holds(assertion.Assertion, at) ? Go(at, next) : -1;
            case PatternNode.Sequence sequence:
                for (var i = sequence.Items.Count - 1; i >= 0; i--)
                {
                    next = new Next(sequence.Items[i], next);
                }

                return Go(at, next);
            case PatternNode.Choice choice:
                foreach (var item in choice.Items)
                {
                    if (Try(item, at, next) is >= 0 and var end)
                    {
                        return end;
                    }
                }

                return -1;
            case PatternNode.Repeat repeat:
                var again = new Next(repeat.Item, new Next(repeat with { Min = Math.Max(0, repeat.Min - 1), Max = repeat.Max - 1 }, next));
                if (repeat.Min > 0)
                {
                    return Go(at, again);
                }

                var (first, second) = repeat.Max == 0 ? (next, null) : repeat.IsLazy ? (next, again) : (again, next);
                return Go(at, first) is >= 0 and var firstEnd ? firstEnd : repeat.Max == 0 ? -1 : Go(at, second);
            default:
                return -1;
        }
    }

    private int Go(int at, Next? next) => next is null ? at : Try(next.Node, at, next.Rest);

    private readonly bool Holds(PatternAssertion assertion, int at) => assertion switch
    {
        PatternAssertion.TextStart => at == 0,
        PatternAssertion.TextEnd => at == _text.Length,
        PatternAssertion.LineStart => at == 0 || _text[at - 1] == '\n',
        PatternAssertion.LineEnd => at == _text.Length || _text[at] == '\n',
        PatternAssertion.WordBoundary => IsWord(at - 1) != IsWord(at),
        _ => IsWord(at - 1) == IsWord(at),
    };

    private readonly bool IsWord(int at) => at >= 0 && at < _text.Length && (char.IsAsciiLetterOrDigit(_text[at]) || _text[at] == '_');

    private sealed record Next(PatternNode Node, Next? Rest);
}
