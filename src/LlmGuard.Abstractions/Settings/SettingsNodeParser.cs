using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmGuard;

/// <summary>Turns strict JSON into <see cref="SettingsNode"/>s: no duplicate keys, no trailing data, well-formed text.</summary>
internal static class SettingsNodeParser
{
    // What stands in a path without quotes.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$-");

    private static readonly JsonDocumentOptions Strict = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = false,
        MaxDepth = 64,
    };

    /// <exception cref="JsonException">The text is not strict JSON (comments are allowed).</exception>
    public static SettingsNode Parse(ReadOnlyMemory<byte> utf8, string path = "$")
    {
        if (!System.Text.Unicode.Utf8.IsValid(utf8.Span))
        {
            throw new JsonException("The text is not valid UTF-8.");
        }

        using var document = JsonDocument.Parse(utf8, Strict);
        return Convert(document.RootElement, path);
    }

    private static SettingsNode Convert(JsonElement element, string path)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => new SettingsNode
                {
                    Kind = SettingsNodeKind.Object,
                    Path = path,
                    Members = Members(element, path),
                },
                JsonValueKind.Array => new SettingsNode
                {
                    Kind = SettingsNodeKind.Array,
                    Path = path,
                    Items = [.. element.EnumerateArray().Select((item, i) => Convert(item, $"{path}[{i}]"))],
                },
                JsonValueKind.String => new SettingsNode { Kind = SettingsNodeKind.String, Path = path, Text = element.GetString()! },
                JsonValueKind.Number => new SettingsNode { Kind = SettingsNodeKind.Number, Path = path, Text = element.GetRawText() },
                JsonValueKind.True or JsonValueKind.False => new SettingsNode
                {
                    Kind = SettingsNodeKind.Boolean,
                    Path = path,
                    Text = element.ValueKind == JsonValueKind.True ? "true" : "false",
                },
                _ => new SettingsNode { Kind = SettingsNodeKind.Null, Path = path },
            };
        }
        catch (InvalidOperationException)
        {
            throw new JsonException($"{path}: the text holds a lone surrogate.", path, lineNumber: null, bytePositionInLine: null);
        }
    }

    // Readers differ in which of two members of one name they take, so neither is. The document's own check would not tell where they stand.
    private static List<KeyValuePair<string, SettingsNode>> Members(JsonElement element, string path)
    {
        var members = new List<KeyValuePair<string, SettingsNode>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            var child = Child(path, member.Name);
            if (!names.Add(member.Name))
            {
                throw new JsonException($"{child}: the key stands twice.", child, lineNumber: null, bytePositionInLine: null);
            }

            members.Add(KeyValuePair.Create(member.Name, Convert(member.Value, child)));
        }

        return members;
    }

    /// <summary>The path of a member; a name that is not an identifier is quoted.</summary>
    public static string Child(string path, string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Plain) ? $"{path}.{name}" : $"{path}['{Quoted(name)}']";

    /// <summary>Escapes what would end the quotes, or the line of a log that quotes the path.</summary>
    private static string Quoted(string name)
    {
        if (!name.Any(c => c is '\'' or '\\' || char.IsControl(c)))
        {
            return name;
        }

        var quoted = new StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            _ = c is '\'' or '\\' ? quoted.Append('\\').Append(c)
                : char.IsControl(c) ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : quoted.Append(c);
        }

        return quoted.ToString();
    }
}
