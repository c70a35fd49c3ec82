using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.Http.Json;
using LlmGuard.Http.Tests.Dialects.Locations;
using LlmGuard.Http.Tests.Json;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>Every row of the specification: a marker placed there is seen, masked, fixed, dropped or reported as it says.</summary>
public sealed class LocationTests
{
    private const string Marker = "MARKER";

    private static IEnumerable<TestCaseData> Rows() => LocationTable.Templates.Keys.SelectMany(api => LocationTable.RowsOf(api)
        .Select((row, index) => new TestCaseData(api, row.Row, row.Mask).SetArgDisplayNames($"{api} {index}: {row.Row}")));

    private static IEnumerable<string> Covered() => LocationTable.Templates.Keys;

    [Test]
    public void Apis_OfTheSpecification_AllHaveTemplates() => Assert.That(LocationTable.Templates.Keys, Is.EquivalentTo(LocationTable.Apis));

    [TestCaseSource(nameof(Rows))]
    public void Row_HasATemplate(string dialect, string row, string mask)
    {
        var templates = LocationTable.Templates[dialect];
        Assert.That(templates, Contains.Key(row));
        var fates = templates[row].Select(t => t.Fate).ToList();
        Assert.That(fates, mask switch
        {
            "yes" or "json-string" or "tree" => Has.Member(Fate.Masked),
            "drop" => Has.All.EqualTo(Fate.Dropped),
            "no-signed" => Has.Some.EqualTo(Fate.Fixed).Or.Some.EqualTo(Fate.Reported),
            "no-binary" => Has.Member(Fate.Reported),
            "no-id" => Has.All.EqualTo(Fate.Fixed).Or.All.EqualTo(Fate.Secret),
            _ => Is.Not.Empty,
        });
    }

    [TestCaseSource(nameof(Covered))]
    public void Template_OfEveryRow_IsInTheSpecification(string dialect) =>
        Assert.That(LocationTable.Templates[dialect].Keys, Is.EquivalentTo(LocationTable.RowsOf(dialect).Select(r => r.Row)));

    [TestCaseSource(nameof(Rows))]
    public void Marker_InEveryTemplate_MeetsItsFate(string dialect, string row, string mask)
    {
        foreach (var template in LocationTable.Templates[dialect][row])
        {
            AssertFate(template.Dialect ?? dialect, row, template);
        }
    }

    private static void AssertFate(string dialect, string row, LocationTemplate template)
    {
        var json = template.Body.Replace("@", Marker, StringComparison.Ordinal);
        var reading = Reading.Of(json, dialect, DirectionOf(row));
        Assert.That(reading.Result.Failure, Is.Null, json);
        var uninspected = template.Uninspected;
        if (uninspected is not null)
        {
            Assert.That(reading.Uninspected().Select(s => s.Uninspected), Has.Member(uninspected), json);
        }

        if (template.Fate is Fate.Masked or Fate.Fixed)
        {
            var seen = reading.Holding(Marker).ToList();
            Assert.That(seen, Has.Count.EqualTo(1), json);
            Assert.That((seen[0].Role.ToString(), seen[0].Kind.ToString()), Is.EqualTo((template.Role, template.Kind)), json);
        }

        switch (template.Fate)
        {
            case Fate.Masked:
                var masked = reading.Replace(Marker, "<\"masked\\\">\n");
                Assert.That(masked.Failure, Is.Null, json);
                var text = Encoding.UTF8.GetString(masked.Bytes!.Value.Span);
                Assert.That(text, Does.Not.Contain(Marker));
                Assert.That(JsonNode.DeepEquals(JsonNode.Parse(text), Naive(json)), Is.True, text);
                break;
            case Fate.Fixed:
                Assert.That(reading.Replace(Marker, "x", alsoFixed: true).Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable), json);
                break;
            case Fate.Secret:
                Assert.That(reading.Holding(Marker), Is.Empty, json);
                break;
            case Fate.Dropped:
                var rewrite = reading.Replace("MASKME", "***");
                Assert.That(rewrite.Failure, Is.Null, json);
                Assert.That(Encoding.UTF8.GetString(rewrite.Bytes!.Value.Span),
                    Does.Contain("***").And.Not.Contain(Marker).And.Not.Contain("MASKME"));
                break;
            default:
                Assert.That(uninspected, Is.Not.Null, json);
                break;
        }
    }

    // What a masker that parses and serialises would make of it: one level of JSON in strings included.
    private static JsonNode? Naive(string json)
    {
        var node = JsonNode.Parse(json);
        return Masked(node, nested: false);
    }

    private static JsonNode? Masked(JsonNode? node, bool nested)
    {
        switch (node)
        {
            case JsonObject members:
                return new JsonObject(members.ToList().Select(m => KeyValuePair.Create(m.Key, Masked(m.Value, nested))));
            case JsonArray items:
                return new JsonArray([.. items.ToList().Select(i => Masked(i, nested))]);
            case JsonValue value when value.TryGetValue(out string? text):
                if (!nested && text.StartsWith('{') && TryParse(text) is not null)
                {
                    // The splice keeps the inner white space, so only the one string is exchanged here.
                    var escaped = "<\\\"masked\\\\\\\">\\n";
                    return JsonValue.Create(text.Replace(Marker, escaped, StringComparison.Ordinal));
                }

                return JsonValue.Create(text.Replace(Marker, "<\"masked\\\">\n", StringComparison.Ordinal));
            default:
                return node?.DeepClone();
        }
    }

    private static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // Tool arguments need not be JSON; then they are text.
            return null;
        }
    }

    internal static JsonDirection DirectionOf(string row) =>
        row.StartsWith("request", StringComparison.Ordinal) ? JsonDirection.Request
        : row.StartsWith("response", StringComparison.Ordinal) ? JsonDirection.Response
        : JsonDirection.StreamEvent;
}
