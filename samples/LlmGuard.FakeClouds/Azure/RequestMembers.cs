using System.Collections.Concurrent;
using System.Text.Json;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.Specs;

namespace LlmGuard.FakeClouds.Azure;

/// <summary>Reads a request body member by member; whatever the interface description does not know is refused.</summary>
internal sealed class RequestMembers
{
    private const string File = "azure-content-safety.2024-09-01.text-slice.json";

    private static readonly ConcurrentDictionary<string, SpecSchema?> Schemas = new(StringComparer.Ordinal);

    private readonly JsonElement _root;

    /// <summary>Reads a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="definition">
    /// The body's name in Azure's interface description, which is checked too where the shared folder has it; null for bodies its slice leaves out.
    /// </param>
    /// <param name="names">The members there may be.</param>
    /// <exception cref="RequestRefusedException">The body does not fit.</exception>
    public RequestMembers(FakeRequest request, string? definition, params string[] names)
    {
        _root = request.Json() is { ValueKind: JsonValueKind.Object } root
            ? root
            : throw RequestRefusedException.Body("The request body is not a JSON object.");
        Allow(_root, names);
        if (definition is not null && Schemas.GetOrAdd(definition, static name => SpecSchema.Find(File, name))?.Check(_root) is [var problem, ..])
        {
            throw RequestRefusedException.Body($"Does not fit {definition}: {problem}");
        }
    }

    /// <summary>A member, or null when it is absent. JSON null is a value that nothing takes.</summary>
    public JsonElement? Optional(string name) => _root.TryGetProperty(name, out var value) ? value : null;

    /// <summary>A string; null when it is absent.</summary>
    public string? Text(string name) => Optional(name) is { } value ? TextOf(value, name) : null;

    /// <summary>A boolean; null when it is absent.</summary>
    public bool? Boolean(string name) => Optional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw RequestRefusedException.Body($"'{name}' is not a boolean."),
    };

    /// <summary>An array of strings; null when it is absent.</summary>
    public string[]? Texts(string name) => Optional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } items => [.. items.EnumerateArray().Select(item => TextOf(item, name))],
        _ => throw RequestRefusedException.Body($"'{name}' is not an array."),
    };

    /// <summary>One of several words; null when it is absent.</summary>
    public string? Word(string name, params string[] words) => Text(name) is not { } text ? null
        : words.Contains(text, StringComparer.Ordinal) ? text
        : throw RequestRefusedException.Body($"'{name}' is not one of {string.Join(", ", words)}.");

    /// <summary>Refuses members other than these.</summary>
    public static void Allow(JsonElement value, params string[] names)
    {
        foreach (var member in value.EnumerateObject().Where(m => !names.Contains(m.Name, StringComparer.Ordinal)))
        {
            throw RequestRefusedException.Body($"'{member.Name}' is not a member.");
        }
    }

    /// <summary>Code points of a text.</summary>
    public static int LengthOf(string text) => text.EnumerateRunes().Count();

    /// <summary>A string.</summary>
    public static string TextOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw RequestRefusedException.Body($"'{name}' is not a string.");
}
