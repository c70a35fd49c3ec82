using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Tests.Dialects.Replay;

/// <summary>
/// Recorded exchanges of every provider through the guard: unchanged to the byte when there is nothing to mask; otherwise the word is gone from
/// everything that may be edited, and nothing else is different.
/// </summary>
public sealed partial class ReplayTests
{
    private static readonly List<Recording> Recordings = [.. Recording.All()];

    private static readonly string[] Derived =
        ["logprobs", "logprobsResult", "annotations", "context", "citations", "citationSources", "groundingSupports"];

    private ReplayGuard _guard = null!;

    [OneTimeSetUp]
    public void Start()
    {
        if (Recording.File is null)
        {
            Assert.Ignore("../shared/data/llm_traffic/recordings.jsonl.gz is not there");
        }

        _guard = new ReplayGuard();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_guard is not null)
        {
            await _guard.DisposeAsync();
        }
    }

    [Test]
    public async Task Exchange_WithNothingToMask_IsByteIdenticalInBothDirections()
    {
        var refused = new List<string>();
        foreach (var recording in Recordings)
        {
            var (sent, status, received) = await _guard.SendAsync(recording, word: null);
            if (sent is null || status != recording.Status)
            {
                refused.Add($"{recording.Id} {recording.Api} {recording.Path} {status} {Encoding.UTF8.GetString(received)}");
                continue;
            }

            Assert.That(Encoding.UTF8.GetString(sent), Is.EqualTo(recording.Request ?? ""), recording.Id);
            AssertSameBytes(recording, received);
        }

        await TestContext.Out.WriteLineAsync($"{Recordings.Count} exchanges, {refused.Count} refused:\n{string.Join('\n', refused)}");
        Assert.That(refused, Is.Empty);
    }

    [Test]
    public async Task Exchange_WithAWordOfTheModelsText_IsMaskedEverywhereAndNothingElseIsChanged()
    {
        var (masked, without) = (0, 0);
        foreach (var recording in Recordings)
        {
            if (WordOf(recording) is not { } word)
            {
                without++;
                continue;
            }

            var (sent, status, received) = await _guard.SendAsync(recording, word);
            Assert.That(status, Is.EqualTo(recording.Status), $"{recording.Id} {word} {Encoding.UTF8.GetString(received)}");
            AssertMasked(recording, Encoding.UTF8.GetBytes(recording.Request ?? ""), sent!, word, isResponse: false);
            AssertMasked(recording, recording.Response, received, word, isResponse: true);
            masked++;
        }

        await TestContext.Out.WriteLineAsync($"{masked} exchanges masked, {without} without a text");
        Assert.That(masked, Is.GreaterThan(Recordings.Count * 4 / 5));
    }

    private static void AssertMasked(Recording recording, byte[] before, byte[] after, string word, bool isResponse)
    {
        var (was, now) = (Read(recording, before, isResponse), Read(recording, after, isResponse));
        var what = $"{recording.Id} {recording.Path} {word}";
        if (now is null)
        {
            Assert.That(was, Is.Null, what);
            return;
        }

        // Annotations of an edited text are dropped with it.
        var expected = was!.Where(s => s.Kind != SegmentKind.Document).Select(s => Expected(s, word)).ToList();
        var actual = now.Where(s => s.Kind != SegmentKind.Document).Select(s => s.Text).ToList();
        Assert.That(actual, isResponse && expected.Count != actual.Count ? Is.SubsetOf(expected) : Is.EqualTo(expected), what);
        Assert.That(now.Where(s => s.Editability == Editability.Span && s.Text.Contains(word, StringComparison.Ordinal)), Is.Empty, what);
        if (!recording.IsEventStream && TryParse(before) is { } json)
        {
            AssertSameExceptMask(json, TryParse(after), word, what);
        }
    }

    // Comments and pings may overtake text that is held, and nothing else may leave its place.
    private static void AssertSameBytes(Recording recording, byte[] received)
    {
        if (recording.IsEventStream && !received.AsSpan().SequenceEqual(recording.Response))
        {
            var (was, now) = (Parted(recording.Response), Parted(received));
            Assert.That(now.Others, Is.EqualTo(was.Others), recording.Id);
            Assert.That(now.Signs, Is.EqualTo(was.Signs), recording.Id);
            return;
        }

        Assert.That(received, Is.EqualTo(recording.Response), recording.Id);
    }

    private static (string Others, string Signs) Parted(byte[] stream)
    {
        var text = Encoding.UTF8.GetString(stream);
        return (Sign().Replace(text, ""), string.Concat(Sign().Matches(text).Select(m => m.Value)));
    }

    private static string Expected(Segment segment, string word) =>
        segment.Editability == Editability.Span ? segment.Text.Replace(word, ReplayGuard.Mask, StringComparison.Ordinal) : segment.Text;

    // Copies of the text and what points into it are emptied with it.
    private static void AssertSameExceptMask(JsonNode? before, JsonNode? after, string word, string what)
    {
        switch (before)
        {
            case JsonObject members:
                Assert.That(after!.AsObject().Select(m => m.Key), Is.EqualTo(members.Select(m => m.Key)), what);
                foreach (var (name, value) in members)
                {
                    if (!Derived.Contains(name))
                    {
                        AssertSameExceptMask(value, after[name], word, what + "." + name);
                    }
                }

                break;
            case JsonArray items:
                Assert.That(after!.AsArray(), Has.Count.EqualTo(items.Count), what);
                for (var i = 0; i < items.Count; i++)
                {
                    AssertSameExceptMask(items[i], after[i], word, what);
                }

                break;
            case JsonValue value when value.TryGetValue(out string? text):
                AssertSameText(text, after!.GetValue<string>(), word, what);
                break;
            default:
                Assert.That(after?.ToJsonString(), Is.EqualTo(before?.ToJsonString()), what);
                break;
        }
    }

    private static void AssertSameText(string before, string after, string word, string what)
    {
        var masked = before.Replace(word, ReplayGuard.Mask, StringComparison.Ordinal);
        if (after != masked && before.StartsWith('{') && TryParse(Encoding.UTF8.GetBytes(before)) is { } inner)
        {
            // JSON in a string is masked inside: its names stay.
            AssertSameExceptMask(inner, TryParse(Encoding.UTF8.GetBytes(after)), word, what);
            return;
        }

        Assert.That(after, Is.EqualTo(before).Or.EqualTo(masked), what);
    }

    // Where no dialect says what the model's text is, any text of the answer stands for it.
    private static string? WordOf(Recording recording)
    {
        var content = Read(recording, recording.Response, isResponse: true);
        return content is null ? null : WordIn(content.Where(s => s.Kind == SegmentKind.Message)) ?? WordIn(content);
    }

    private static string? WordIn(IEnumerable<Segment> segments) => segments
        .Where(s => s.Editability == Editability.Span)
        .SelectMany(s => Word().Matches(s.Text).Select(m => m.Value))
        .FirstOrDefault();

    private static GuardrailContent? Read(Recording recording, byte[] body, bool isResponse) => ReadMessage(recording, body, isResponse)?.Content;

    private static WireMessage? ReadMessage(Recording recording, byte[] body, bool isResponse)
    {
        var head = new WireHead
        {
            Method = recording.Request is null ? "GET" : "POST",
            RawPath = recording.Path,
            Status = isResponse ? (HttpStatusCode)recording.Status : null,
            Dialect = isResponse ? ReadMessage(recording, Encoding.UTF8.GetBytes(recording.Request ?? ""), isResponse: false)?.Dialect : null,
            ContentType = isResponse ? recording.ContentType : "application/json",
        };
        var result = isResponse
            ? WireReader.ReadResponse(head, body, body.Length > 0, GuardrailNeeds.Content, PlanLimits.Default)
            : WireReader.ReadRequest(head, body, body.Length > 0, GuardrailNeeds.Content, PlanLimits.Default);
        return result.Message;
    }

    private static JsonNode? TryParse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (System.Text.Json.JsonException)
        {
            // Lines, text, nothing at all.
            return null;
        }
    }

    [GeneratedRegex("^:.*\r?\n|^event: ping\r?\ndata: .*\r?\n\r?\n", RegexOptions.Multiline)]
    private static partial Regex Sign();

    [GeneratedRegex("[A-Za-z]{5,}")]
    private static partial Regex Word();
}
