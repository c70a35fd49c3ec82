using System.Text;
using System.Text.Json.Nodes;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Tests.Json;

namespace LlmGuard.Http.Tests.Dialects.Crossed;

/// <summary>
/// A body on a path that is not its own, with the keys of another, or with keys spelled as only lenient servers match them: nothing in it is unread.
/// </summary>
public sealed class CrossProductTests
{
    private const string Other = "OTHERMARK";

    private static readonly string?[] Readers = [.. DialectRegistry.Ids, null];

    private static IEnumerable<TestCaseData> Pairs() =>
        from writer in Sample.All.Select(s => s.Dialect).Distinct()
        from reader in Readers
        select new TestCaseData(writer, reader);

    [TestCaseSource(nameof(Pairs))]
    public void Body_OnThePathOfAnother_IsNeverUnread(string writer, string? reader)
    {
        foreach (var sample in Sample.All.Where(s => s.Dialect == writer && s.IsText))
        {
            AssertSeen(Reading.Of(sample.Json, reader, sample.Direction), Sample.Marker, sample.Json);
        }
    }

    [TestCaseSource(nameof(Pairs))]
    public void Body_WithTheKeysOfTwo_IsNeverUnread(string writer, string? reader)
    {
        var others = Sample.All.Where(s => s.Dialect == reader && s.IsText).ToList();
        var index = 0;
        foreach (var sample in Sample.All.Where(s => s.Dialect == writer && s.IsText && others.Count > 0))
        {
            var other = others[index++ % others.Count];
            if (Merged(sample.Json, other.JsonWith(Other)) is not { } json)
            {
                continue;
            }

            foreach (var dialect in new[] { writer, reader })
            {
                var reading = Reading.Of(json, dialect, sample.Direction);
                AssertSeen(reading, Sample.Marker, json);
                if (json.Contains(Other, StringComparison.Ordinal))
                {
                    AssertSeen(reading, Other, json);
                }
            }
        }
    }

    private static IEnumerable<TestCaseData> Spellings() =>
        from dialect in Sample.All.Select(s => s.Dialect).Distinct()
        from spelling in new (string Name, Func<string, string> Of)[]
        {
            ("UPPER", static name => name.ToUpperInvariant()),
            ("camelCase", Camel),
            ("snake_case", Snake),
            ("kelvin", static name => name.Replace('k', '\u212A').Replace('s', '\u017F')),
        }
        select new TestCaseData(dialect, spelling.Of).SetArgDisplayNames(dialect, spelling.Name);

    [TestCaseSource(nameof(Spellings))]
    public void Keys_InAnotherSpelling_AreReadAsTheyAre(string dialect, Func<string, string> spelling)
    {
        foreach (var sample in Sample.All.Where(s => s.Dialect == dialect && s.Template.Fate == Locations.Fate.Masked))
        {
            var json = sample.JsonNamed(spelling);
            var seen = Reading.Of(json, dialect, sample.Direction).Holding(Sample.Marker).ToList();
            Assert.That(
                seen.Select(s => (s.Role.ToString(), s.Kind.ToString())), Is.EqualTo(new[] { (sample.Template.Role, sample.Template.Kind) }), json);
        }
    }

    [TestCaseSource(nameof(Readers))]
    public void Keys_ThatFoldAlike_AreRefused(string? dialect)
    {
        foreach (var sample in Sample.All.Where(s => s.Dialect == dialect))
        {
            if (JsonNode.Parse(sample.Json) is JsonObject { Count: > 0 } body)
            {
                var twice = body.First().Key.ToUpperInvariant();
                var json = "{\"" + twice + "\":null," + body.ToJsonString()[1..];
                Assert.That(Reading.Of(json, dialect, sample.Direction).Result.Failure?.Reason, Is.EqualTo(FailureReasons.Undecodable), json);
            }
        }
    }

    [Test]
    public void Strictness_OfEveryDialect_IsTheSame([ValueSource(nameof(Readers))] string? dialect)
    {
        byte[][] bodies =
        [
            "{\"a\":1,\"a\":2}"u8.ToArray(),
            "{\"a\":1,\"\\u0061\":2}"u8.ToArray(),
            "{\"x\":{\"a\":1,\"a\":2}}"u8.ToArray(),
            "{\"a\":\"\\ud800\"}"u8.ToArray(),
            "{\"\\udc00\":1}"u8.ToArray(),
            [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8],
            [.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
            [0xEF, 0xBB, 0xBF, .. "{}"u8],
            "{} x"u8.ToArray(),
            "{\"a\":1,}"u8.ToArray(),
            "{/**/}"u8.ToArray(),
            "{'a':1}"u8.ToArray(),
            "{\"a\":NaN}"u8.ToArray(),
            "{"u8.ToArray(),
            [],
        ];
        foreach (var body in bodies)
        {
            foreach (var direction in Enum.GetValues<LlmGuard.Http.Json.JsonDirection>())
            {
                Assert.That(Reading.Of(body, dialect, direction).Result.Failure?.Reason, Is.EqualTo(FailureReasons.Undecodable),
                    Encoding.Latin1.GetString(body));
            }
        }
    }

    // Seen, or not understood at all and refused.
    private static void AssertSeen(Reading reading, string marker, string json) => Assert.That(
        reading.Result.Failure is not null || reading.Holding(marker).Any(), Is.True, json);

    private static string? Merged(string first, string second)
    {
        if (JsonNode.Parse(first) is not JsonObject one || JsonNode.Parse(second) is not JsonObject two)
        {
            return null;
        }

        foreach (var (name, value) in two)
        {
            one.TryAdd(name, value?.DeepClone());
        }

        return one.ToJsonString();
    }

    private static string Camel(string name)
    {
        var parts = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 ? name : parts[0] + string.Concat(parts.Skip(1).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : c.ToString()));
}
