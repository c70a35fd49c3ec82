using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Tests.Json;

/// <summary>
/// Real exchanges of the two dialects: unchanged when there is nothing to mask; otherwise masked everywhere and nothing else changed.
/// </summary>
public sealed partial class RecordedTrafficTests
{
    private const string Mask = "zzmaskzz";

    public static IEnumerable<TestCaseData> Requests() => Recordings("request");

    public static IEnumerable<TestCaseData> Responses() => Recordings("response");

    [TestCaseSource(nameof(Requests))]
    public void Request_IsReadUnchangedAndMaskedExactly(string dialect, string json) => Check(json, Reading.Of(json, dialect));

    [TestCaseSource(nameof(Responses))]
    public void Response_IsReadUnchangedAndMaskedExactly(string dialect, string response)
    {
        if (IsJson(response))
        {
            Check(response, Reading.Of(response, dialect, JsonDirection.Response));
            return;
        }

        var events = Data().Matches(response).Select(m => m.Groups[1].Value.Trim()).Where(IsJson).ToList();
        var stream = new StreamReading(dialect, events);
        Assert.That(stream.Failure, Is.Null);
        Assert.That(stream.Rewrite(), Is.EqualTo(events));
        if (WordOf(stream.Content) is { } word)
        {
            var after = stream.Rewrite(EditsOf(stream.Content, word));
            foreach (var (before, now) in events.Zip(after))
            {
                SameExceptMask(JsonNode.Parse(before), JsonNode.Parse(now), word);
            }

            // Tool arguments are masked as the whole they form.
            Assert.That(ArgumentsOf(after), Is.EqualTo(ArgumentsOf(events).Replace(word, Mask, StringComparison.Ordinal)));
        }
    }

    private static IEnumerable<TestCaseData> Recordings(string side)
    {
        if (FindRecordings() is not { } path)
        {
            yield return new TestCaseData("", "").SetArgDisplayNames("recordings").Ignore("../shared/data/llm_traffic is not there");
            yield break;
        }

        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            var api = row.RootElement.GetProperty("api").GetString();
            var text = row.RootElement.TryGetProperty(side, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString()! : "";
            if (api is "chat/completions" or "messages" && (IsJson(text) || Data().IsMatch(text)))
            {
                yield return new TestCaseData(api == "messages" ? "anthropic.messages" : "openai.chat_completions", text)
                    .SetArgDisplayNames(row.RootElement.GetProperty("id").GetString()!);
            }
        }
    }

    private static string ArgumentsOf(List<string> events) =>
        string.Concat(events.SelectMany(e => Strings(JsonNode.Parse(e), "arguments", "partial_json")));

    private static IEnumerable<string> Strings(JsonNode? node, params string[] names) => node switch
    {
        JsonObject members => members.SelectMany(m => names.Contains(m.Key) && m.Value is JsonValue value && value.TryGetValue(out string? text)
            ? [text]
            : Strings(m.Value, names)),
        JsonArray items => items.SelectMany(i => Strings(i, names)),
        _ => [],
    };

    private static void Check(string json, Reading reading)
    {
        Assert.That(reading.Result.Failure, Is.Null);
        Assert.That(reading.Body.Rewrite([], []).Bytes, Is.Null);
        if (WordOf(reading.Content) is { } word)
        {
            var rewrite = reading.Replace(word, Mask);
            Assert.That(rewrite.Failure, Is.Null);
            var text = Encoding.UTF8.GetString(rewrite.Bytes!.Value.Span);
            SameExceptMask(JsonNode.Parse(json), JsonNode.Parse(text), word);
            Assert.That(ArgumentsOf([text]), Is.EqualTo(ArgumentsOf([json]).Replace(word, Mask, StringComparison.Ordinal)));
        }
    }

    private static void SameExceptMask(JsonNode? before, JsonNode? after, string word)
    {
        switch (before)
        {
            case JsonObject members:
                var other = after!.AsObject();
                Assert.That(other.Select(m => m.Key), Is.EqualTo(members.Select(m => m.Key)));
                foreach (var (name, value) in members)
                {
                    if (name is not ("logprobs" or "annotations" or "arguments" or "partial_json"))
                    {
                        SameExceptMask(value, other[name], word);
                    }
                }

                break;
            case JsonArray items:
                Assert.That(after!.AsArray(), Has.Count.EqualTo(items.Count));
                for (var i = 0; i < items.Count; i++)
                {
                    SameExceptMask(items[i], after[i], word);
                }

                break;
            case JsonValue value when value.TryGetValue(out string? text):
                Assert.That(after!.GetValue<string>(), Is.EqualTo(text).Or.EqualTo(text.Replace(word, Mask, StringComparison.Ordinal)));
                break;
            default:
                Assert.That(after?.ToJsonString(), Is.EqualTo(before?.ToJsonString()));
                break;
        }
    }

    private static string? WordOf(GuardrailContent content) => content
        .Where(s => s.Kind == SegmentKind.Message && s.Editability == Editability.Span)
        .SelectMany(s => Word().Matches(s.Text).Select(m => m.Value))
        .FirstOrDefault();

    private static List<TextEdit> EditsOf(GuardrailContent content, string word) =>
    [
        .. content.Where(s => s.Editability == Editability.Span).SelectMany(s => Regex.Matches(s.Text, Regex.Escape(word))
            .Select(m => new TextEdit(s.Index, s.ToUtf8(m.Index, m.Length), Encoding.UTF8.GetBytes(Mask)))),
    ];

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            // Streams, empty bodies and the like.
            return false;
        }
    }

    private static string? FindRecordings()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", "llm_traffic", "recordings.jsonl.gz");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    [GeneratedRegex("[A-Za-z]{5,}")]
    private static partial Regex Word();

    [GeneratedRegex("^data:(.*)$", RegexOptions.Multiline)]
    private static partial Regex Data();
}
