namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>Makes the body that field maps describe: a destination is a member's name, or a JSON pointer that makes nested objects.</summary>
internal sealed class FieldTree
{
    private const int MaxDepth = 16;

    private readonly List<KeyValuePair<string, object>> _members = [];

    /// <exception cref="FormatException">Two destinations contradict each other, or one is no pointer.</exception>
    public static BodyNode Make(IReadOnlyList<FieldMap> maps)
    {
        var root = new FieldTree();
        foreach (var map in maps)
        {
            root.Put(NamesOf(map.Destination), new BodyNode.Filled(map.Source));
        }

        return root.ToNode();
    }

    private static string[] NamesOf(string destination) =>
        destination is not ['/', ..] ? [destination]
        : destination.Split('/') is { Length: <= MaxDepth + 1 } parts ? [.. parts[1..].Select(JsonPointer.Unescape)]
        : throw new FormatException($"a destination has at most {MaxDepth} levels");

    private void Put(ReadOnlySpan<string> names, BodyNode value)
    {
        var name = names[0];
        var known = _members.Find(m => m.Key == name).Value;
        if (names.Length == 1)
        {
            _members.Add(known is null
                ? KeyValuePair.Create(name, (object)value)
                : throw new FormatException("two destinations are the same, or one lies inside the other"));
            return;
        }

        if (known is null)
        {
            _members.Add(KeyValuePair.Create(name, known = new FieldTree()));
        }

        (known as FieldTree ?? throw new FormatException("two destinations are the same, or one lies inside the other")).Put(names[1..], value);
    }

    private BodyNode.Members ToNode() =>
        new([.. _members.Select(static m => KeyValuePair.Create(m.Key, m.Value as BodyNode ?? ((FieldTree)m.Value).ToNode()))]);
}
