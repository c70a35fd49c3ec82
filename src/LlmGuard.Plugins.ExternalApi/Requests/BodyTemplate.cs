using System.Text.Json;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>The body of a request: JSON in which <c>{{/pointer}}</c> stands for values of the call. Parsed once, when the policy is read.</summary>
internal sealed class BodyTemplate
{
    private static readonly BodyNode Input =
        new BodyNode.Members([KeyValuePair.Create("input", (BodyNode)new BodyNode.Filled(Sources.Parse("/input")))]);

    private readonly BodyNode _root;

    private BodyTemplate(BodyNode root) => _root = root;

    /// <summary>How many texts it takes at once.</summary>
    public TextUse Texts => _root.Texts;

    public static BodyTemplate Read(GuardrailSettings settings, string? template, IReadOnlyList<FieldMap> maps)
    {
        var key = template is null ? "field_maps" : "body";
        try
        {
            return new BodyTemplate(template is not null ? Parse(template) : maps.Count > 0 ? FieldTree.Make(maps) : Input);
        }
        catch (FormatException wrong)
        {
            settings.Problem(key, wrong.Message);
            return new BodyTemplate(Input);
        }
    }

    public void Write(Utf8JsonWriter writer, Question question) => _root.Write(writer, question);

    private static BodyNode Parse(string template)
    {
        using var document = JsonDocument.Parse(template);
        return NodeOf(document.RootElement);
    }

    private static BodyNode NodeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            new BodyNode.Members([.. value.EnumerateObject().Select(static m => KeyValuePair.Create(NameOf(m.Name), NodeOf(m.Value)))]),
        JsonValueKind.Array => new BodyNode.List([.. value.EnumerateArray().Select(NodeOf)]),
        JsonValueKind.String when value.GetString()!.Contains("{{", StringComparison.Ordinal) => TextOf(value.GetString()!),
        _ => new BodyNode.Literal(value.Clone()),
    };

    private static string NameOf(string name) =>
        name.Contains("{{", StringComparison.Ordinal) ? throw new FormatException("a member's name cannot be filled in") : name;

    private static BodyNode TextOf(string text)
    {
        var pieces = new List<(string, Source?)>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0)
            {
                pieces.Add((text[at..], null));
                break;
            }

            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                throw new FormatException("\"{{\" without \"}}\"");
            }

            if (open > at)
            {
                pieces.Add((text[at..open], null));
            }

            pieces.Add(("", Sources.Parse(text[(open + 2)..close].Trim())));
            at = close + 2;
        }

        if (pieces is [(_, { } only)])
        {
            return new BodyNode.Filled(only);
        }

        return pieces.Any(static p => p.Item2 is { Scalar: null })
            ? throw new FormatException("what is no single value must be a member or an item of its own, not a part of a text")
            : new BodyNode.Text(pieces);
    }
}
