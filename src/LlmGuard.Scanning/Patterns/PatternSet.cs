namespace LlmGuard.Scanning.Patterns;

/// <summary>The patterns of a plan, and which of them are looked for together. Immutable.</summary>
internal sealed class PatternSet(IReadOnlyList<PatternProgram> programs)
{
    private readonly (PatternGroup? Group, int Number)[] _places = PatternGroup.Of(programs);

    /// <summary>How many there are.</summary>
    public int Count => programs.Count;

    /// <summary>What looks for all of them; to be asked for one window after the other, each in this order.</summary>
    /// <param name="rules">For each the number of its rule.</param>
    public PatternRun[] NewRuns(ReadOnlySpan<int> rules)
    {
        var candidates = _places.Select(static place => place.Group).OfType<PatternGroup>().Distinct()
            .ToDictionary(static group => group, static group => new PatternCandidates(group));
        var runs = new PatternRun[programs.Count];
        for (var i = 0; i < runs.Length; i++)
        {
            var (group, number) = _places[i];
            runs[i] = new PatternRun(programs[i], rules[i], candidates: group is null ? null : candidates[group], number: number);
        }

        return runs;
    }
}
