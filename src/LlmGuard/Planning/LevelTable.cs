using System.Collections.Frozen;
using System.Collections.Immutable;
using LlmGuard.Planning.Inheritance;

namespace LlmGuard.Planning;

/// <summary>The levels of one kind, found by name. Names are compared by ordinal equality.</summary>
internal sealed class LevelTable
{
    private readonly FrozenDictionary<string, int> _places;

    public LevelTable(ImmutableArray<ScopedLevel> levels, ICollection<SettingsProblem> problems)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < levels.Length; i++)
        {
            var level = levels[i].Level;
            if (!places.TryAdd(level.Name, i))
            {
                problems.Add(new SettingsProblem(level.Path, $"'{level.Name}' is already declared at {levels[places[level.Name]].Level.Path}"));
            }
        }

        Levels = levels;
        _places = places.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public ImmutableArray<ScopedLevel> Levels { get; }

    /// <summary>The place of a level; -1 when there is none of that name.</summary>
    public int Find(string? name) => name is not null && _places.TryGetValue(name, out var place) ? place : -1;
}
