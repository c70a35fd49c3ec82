using System.Text.Json.Nodes;
using LlmGuard.Http.Json;
using LlmGuard.Http.Tests.Dialects.Locations;

namespace LlmGuard.Http.Tests.Dialects.Crossed;

/// <summary>One template of the specification as a body, with the dialect and direction it is meant for.</summary>
internal sealed record Sample(string Dialect, JsonDirection Direction, LocationTemplate Template)
{
    public const string Marker = "MARKER";

    /// <summary>Whether the marker is text that somebody reads, rather than a reference, a copy or a credential.</summary>
    public bool IsText => Template.Fate is Fate.Masked or Fate.Fixed && Template.Body.Contains('@', StringComparison.Ordinal);

    public string Json => JsonWith(Marker);

    /// <summary>Every template of every dialect that has any.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        .. from api in LocationTable.Templates.Keys
           from row in LocationTable.RowsOf(api)
           where LocationTable.Templates[api].ContainsKey(row.Row)
           from template in LocationTable.Templates[api][row.Row]
           select new Sample(template.Dialect ?? api, LocationTests.DirectionOf(row.Row), template),
    ];

    public string JsonWith(string marker) => Template.Body.Replace("@", marker, StringComparison.Ordinal);

    /// <summary>The body with every property name changed.</summary>
    public string JsonNamed(Func<string, string> rename) => Renamed(JsonNode.Parse(Json), rename)!.ToJsonString();

    public override string ToString() => Template.Body;

    private static JsonNode? Renamed(JsonNode? node, Func<string, string> rename) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(
            m.Key.Contains(Marker, StringComparison.Ordinal) ? m.Key : rename(m.Key), Renamed(m.Value, rename)))),
        JsonArray items => new JsonArray([.. items.Select(i => Renamed(i, rename))]),
        _ => node?.DeepClone(),
    };
}
