namespace LlmGuard;

// What is well-formed and would still change nothing: nothing is accepted and ignored.
public sealed partial class GuardrailSettings
{
    /// <summary>Refuses keys that are given although nothing honours them. Read them before.</summary>
    /// <param name="isIdle">Whether nothing honours them.</param>
    /// <param name="condition">When something would, as it follows "has no effect": <c>unless "type" is "throttle"</c>. Must not quote
    /// secrets.</param>
    /// <param name="keys">The keys; those that are absent are no problem.</param>
    public void RefuseIdle(bool isIdle, string condition, params ReadOnlySpan<string> keys)
    {
        if (!isIdle)
        {
            return;
        }

        foreach (var key in keys)
        {
            if (Peek(key) is { } node)
            {
                Problem(key, $"has no effect {condition}: expected no such key, found {Shown(key, node)}");
            }
        }
    }

    /// <summary>Refuses texts, lists and objects that are given and empty, where that would mean the same as leaving them out.</summary>
    /// <param name="keys">The keys; those that are absent are no problem.</param>
    public void RefuseEmpty(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (Peek(key) is { } node && (node.Kind is SettingsNodeKind.String ? node.Text.Length == 0 : IsEmptyCollection(node)))
            {
                Problem(key, $"must not be empty: expected a value or no such key, found {node.Describe()} with nothing in it");
            }
        }
    }

    /// <summary>Refuses a list or map that names something twice, where only one of the two would count.</summary>
    /// <param name="key">The key of the list or map.</param>
    /// <param name="names">What its items name, in their order; empty for one that names nothing. Words of the policy, never content.</param>
    /// <param name="comparer">When two are the same; by default when they are equal.</param>
    public void RefuseRepeated(string key, IEnumerable<string> names, IEqualityComparer<string>? comparer = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        var seen = new HashSet<string>(comparer ?? StringComparer.Ordinal);
        var hasIndexes = Peek(key) is { Kind: SettingsNodeKind.Array };
        var index = 0;
        foreach (var name in names)
        {
            var message = name.Length == 0 || seen.Add(name) ? null : $"names \"{name}\" again: expected it once";
            if (message is not null && hasIndexes)
            {
                Problem(key, index, message);
            }
            else if (message is not null)
            {
                Problem(key, message);
            }

            index++;
        }
    }

    /// <summary>A text or number as it is written, or null. Does not count as reading it.</summary>
    internal string? TextOf(string key) => Peek(key) is { Kind: SettingsNodeKind.String or SettingsNodeKind.Number } node ? node.Text : null;

    private static bool IsEmptyCollection(SettingsNode node) =>
        node.Kind is SettingsNodeKind.Array or SettingsNodeKind.Object && node.Items.Count + node.Members.Count == 0;

    // Free text may be content or a secret; numbers and words of the policy's own language are neither.
    private string Shown(string key, SettingsNode node) => node.Kind switch
    {
        SettingsNodeKind.Number or SettingsNodeKind.Boolean => node.Text,
        SettingsNodeKind.String when Schema.Keys.TryGetValue(key, out var known) && (known.Choices.Count > 0 || known.Type == "duration") =>
            $"\"{node.Text}\"",
        _ => node.Describe(),
    };
}
