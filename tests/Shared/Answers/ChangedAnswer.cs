using System.Text.Json.Nodes;

namespace LlmGuard.Tests.Answers;

/// <summary>Changes a judge's answer somewhere: takes a member out, adds one, or gives a value another type or meaning.</summary>
internal static class ChangedAnswer
{
    /// <summary>One or two changes.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="random">Decides.</param>
    /// <param name="words">Values that mean something in this vendor's answers: texts and numbers.</param>
    public static string Of(string body, Random random, params IReadOnlyList<object> words)
    {
        var root = JsonNode.Parse(body)!;
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            ChangeWithin(root, random, words);
        }

        return root.ToJsonString();
    }

    private static void ChangeWithin(JsonNode node, Random random, IReadOnlyList<object> words)
    {
        while (true)
        {
            var stops = random.Next(4) == 0;
            JsonNode? child;
            Action change;
            switch (node)
            {
                case JsonObject { Count: > 0 } members:
                    var (name, value) = members.ElementAt(random.Next(members.Count));
                    child = value;
                    change = () => ChangeMember(members, name, random, words);
                    break;
                case JsonArray { Count: > 0 } items:
                    var index = random.Next(items.Count);
                    child = items[index];
                    change = () => items[index] = Other(random, words);
                    break;
                default:
                    return;
            }

            if (stops || child is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }))
            {
                change();
                return;
            }

            node = child;
        }
    }

    private static void ChangeMember(JsonObject members, string name, Random random, IReadOnlyList<object> words)
    {
        switch (random.Next(3))
        {
            case 0:
                members.Remove(name);
                break;
            case 1:
                members["x" + name] = Other(random, words);
                break;
            default:
                members[name] = Other(random, words);
                break;
        }
    }

    private static JsonNode? Other(Random random, IReadOnlyList<object> words) => random.Next(10) switch
    {
        0 => null,
        1 => JsonValue.Create(true),
        2 => JsonValue.Create(false),
        3 => JsonValue.Create(0.25),
        4 => JsonValue.Create(-1),
        5 => JsonValue.Create("text"),
        6 => new JsonArray(),
        7 => new JsonObject(),
        _ => words[random.Next(words.Count)] switch { int number => JsonValue.Create(number), var word => JsonValue.Create((string)word) },
    };
}
