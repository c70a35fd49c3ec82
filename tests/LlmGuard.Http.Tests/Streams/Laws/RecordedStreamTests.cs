using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGuard.Http.Tests.Dialects.Replay;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Planning;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// Every recorded stream of every provider, masked by rules made of pieces of its own text, cut at random, byte by byte, and where it is short at
/// every place: whatever left after any piece is a prefix of what the answer becomes when it is judged whole, and at the end it is that.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed partial class RecordedStreamTests
{
    private const int Short = 1_200;

    private static readonly Lazy<List<Source>> Sources = new(static () => [.. Find()]);

    private static int Runs => FuzzBudget.Of(1);

    [OneTimeSetUp]
    public void Look()
    {
        if (Recording.File is null)
        {
            Assert.Ignore("../shared/data/llm_traffic/recordings.jsonl.gz is not there");
        }
    }

    [Test]
    public async Task StreamAsync_Recording_ObeysTheLawsUnderRulesOfItsOwnText([Range(0, 3)] int part)
    {
        var (masked, refused, apis) = (0, 0, new SortedSet<string>(StringComparer.Ordinal));
        foreach (var (source, number) in Sources.Value.Select(static (s, n) => (s, n)).Where(s => s.n % 4 == part))
        {
            var random = new Random(4_711 + number);
            for (var run = 0; run < Runs; run++)
            {
                var rules = Rules(source, random);
                if (rules.Count == 0)
                {
                    break;
                }

                await using var app =
                    new GuardedStreams(
                    $$"""{ "name": "data_masking", "stage": "pre_response", "settings": { "rules": [ {{string.Join(", ", rules)}} ] } }""");
                var whole = await app.HeldAsync(source.Bytes, source.Head);
                foreach (var cuts in Ways(source.Bytes.Length, random))
                {
                    AssertLaws(source, await app.StreamAsync(source.Bytes, source.Head, cuts, source.Told), whole, string.Join(' ', rules));
                }

                refused += whole is null ? 1 : 0;
                masked += whole is not null && !whole.AsSpan().SequenceEqual(source.Bytes) ? 1 : 0;
                apis.Add(source.Api);
            }
        }

        await TestContext.Out.WriteLineAsync($"{masked} masked, {refused} refused whole and cut; {string.Join(", ", apis)}");
        Assert.That(masked, Is.GreaterThan(refused * 4));
        Assert.That(apis, Has.Count.GreaterThan(5));
    }

    [Test]
    public async Task StreamAsync_ShortRecording_ObeysTheLawsAtEverySingleCut([Range(0, 3)] int part)
    {
        foreach (var (source, number) in Sources.Value.Where(static s => s.Bytes.Length <= Short).Select(static (s, n) => (s, n)).Where(s =>
            s.n % 4 == part))
        {
            var rules = Rules(source, new Random(number));
            if (rules.Count == 0)
            {
                continue;
            }

            await using var app =
                new GuardedStreams(
                $$"""{ "name": "data_masking", "stage": "pre_response", "settings": { "rules": [ {{string.Join(", ", rules)}} ] } }""");
            var whole = await app.HeldAsync(source.Bytes, source.Head);
            for (var cut = 0; cut <= source.Bytes.Length; cut++)
            {
                AssertLaws(source, await app.StreamAsync(source.Bytes, source.Head, [cut], source.Told), whole, $"cut at {cut}");
            }
        }
    }

    [Test]
    public async Task StreamAsync_RecordingEventByEvent_IsTheSameTheShortWay([Range(0, 3)] int part)
    {
        foreach (var (source, number) in Sources.Value.Select(static (s, n) => (s, n)).Where(s => s.n % 4 == part && s.s.IsEvents))
        {
            var random = new Random(31 + number);
            var rules = Rules(source, random);
            var entity = """{ "entity": "email", "enabled": true }""";
            await using var app = new GuardedStreams($$"""{ "name": "data_masking", "stage": "pre_response", "settings": { "rules": [ {{string.Join(", ", rules)}} ], "predefined_entities": [ {{entity}} ] } }""");
            var ends = OneByOneTests.Ends(source.Bytes);
            await OneByOneTests.AssertSameAsync(app, source.Bytes, source.Head, ends, source.ToString());
            await OneByOneTests.AssertSameAsync(app, source.Bytes, source.Head, [.. ends.Where(_ => random.Next(4) > 0)], source.ToString());
        }
    }

    private static void AssertLaws(Source source, Streamed streamed, byte[]? whole, string how)
    {
        if (whole is null)
        {
            Assert.That(streamed.Refusal, Is.Not.Null, $"{source} {how}");
            return;
        }

        Assert.That(streamed.Refusal, Is.Null, $"{source} {how}");
        if (source.IsEvents)
        {
            // Comments and pings may overtake text that is held, and nothing else may leave its place.
            var (others, signs) = Parted(whole);
            Assert.That(Parted(streamed.Bytes), Is.EqualTo((others, signs)), $"{source} {how}");
            if (signs > 0)
            {
                Assert.That(streamed.Lengths.Distinct().All(length =>
                    others.StartsWith(Parted(streamed.Bytes.AsSpan(0, length)).Others, StringComparison.Ordinal)), $"{source} {how}");
                return;
            }
        }

        Assert.That(streamed.Bytes, Is.EqualTo(whole), $"{source} {how}");
        Assert.That(streamed.Lengths.Distinct().All(length => streamed.Bytes.AsSpan(0, length).SequenceEqual(whole.AsSpan(0, length))),
            $"{source} {how}");
    }

    /// <summary>The lines of a stream that are no signs of life, and how many of these there are.</summary>
    private static (string Others, int Signs) Parted(ReadOnlySpan<byte> stream)
    {
        var text = Encoding.UTF8.GetString(stream);
        return (Empty().Replace(Sign().Replace(text, ""), ""), Sign().Count(text));
    }

    private static IEnumerable<IEnumerable<int>> Ways(int length, Random random)
    {
        yield return [];
        yield return [.. Enumerable.Range(0, random.Next(1, 80)).Select(_ => random.Next(length)).Order()];
        yield return [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(length)).Order()];
        yield return Enumerable.Range(1, length - 1);
    }

    /// <summary>
    /// Rules whose matches begin and end anywhere in what the model said, across its pieces. They hold a space, so that none matches from one of the
    /// identifiers that events repeat into the next: where no dialect describes one, only a stream that is held can tell that all of them are equal.
    /// </summary>
    private static List<string> Rules(Source source, Random random)
    {
        var rules = new List<string>();
        for (var number = 0; number < 16 && rules.Count < 6 && source.Texts.Count > 0; number++)
        {
            var text = source.Texts[random.Next(source.Texts.Count)];
            var start = random.Next(text.Length);
            var match = text.Substring(start, Math.Min(text.Length - start, random.Next(3, 24))).Trim();
            var space = match.IndexOf(' ', StringComparison.Ordinal);
            if (space < 1 || space > match.Length - 2 || char.IsLowSurrogate(match[0]) || char.IsSurrogate(match[space + 1])
                || char.IsSurrogate(match[^1]))
            {
                continue;
            }

            var (type, pattern) = number % 2 == 0 ? ("keyword", match)
                : ("regex", Regex.Escape(match[..(space + 2)]) + ".{0,12}?" + Regex.Escape(match[^1..]));
            rules.Add($$"""{ "type": "{{type}}", "pattern": {{JsonSerializer.Serialize(pattern)}}, "mask_with": "[{{number}}]" }""");
        }

        return [.. rules.DistinctBy(static r => r[..r.LastIndexOf(',')])];
    }

    private static IEnumerable<Source> Find()
    {
        foreach (var recording in Recording.All().Where(static r => r.Status == 200))
        {
            var head = GuardedStreams.Head(recording.ContentType, recording.Path);
            var isStream = recording.IsEventStream || recording.ContentType.Contains("ndjson", StringComparison.Ordinal)
                || recording.ContentType.Contains("eventstream", StringComparison.Ordinal);
            if (!isStream)
            {
                continue;
            }

            foreach (var (exchange, number) in (recording.IsEventStream ? Exchanges(recording.Response) : [recording.Response])
                .Select(static (e, n) => (e, n)))
            {
                yield return Of(recording.Api, $"{recording.Id} {number}", exchange, head, null);
            }

            if (recording.IsEventStream && recording.Path.Contains("GenerateContent", StringComparison.OrdinalIgnoreCase))
            {
                var items = Encoding.UTF8.GetString(recording.Response).ReplaceLineEndings("\n").Split('\n').Where(static l =>
                    l.StartsWith("data: {", StringComparison.Ordinal)).Select(static l => l[6..]);
                var array = Encoding.UTF8.GetBytes("[" + string.Join(",\r\n", items) + "\n]\n");
                var untold = GuardedStreams.Head("application/json", "/v1beta/models/gemini:streamGenerateContent") with { IsStreaming = true };
                yield return Of("array of Gemini", recording.Id, array, untold, StreamForm.Array);
            }
        }
    }

    /// <summary>Some recordings are several exchanges, one after the other.</summary>
    private static IEnumerable<byte[]> Exchanges(byte[] stream)
    {
        var text = Encoding.UTF8.GetString(stream);
        var starts =
            Beginning().Matches(text).Select(static m => m.Index).Where(static i => i > 0).Prepend(0).Append(text.Length).Distinct().ToArray();
        return starts.Zip(starts.Skip(1), (from, to) => Encoding.UTF8.GetBytes(text[from..to]));
    }

    private static Source Of(string api, string id, byte[] bytes, WireHead head, StreamForm? told)
    {
        var read = WireReader.ReadResponse(head, bytes, hasBody: true, GuardrailNeeds.Content, PlanLimits.Default);
        var texts = read.Message is null ? [] : read.Message.Content
            .Where(static s => s.Payload == PayloadKind.Text && s.Editability == Editability.Span
                && (s.Kind == SegmentKind.Message || s.Kind == SegmentKind.ToolCall || s.Kind == SegmentKind.Reasoning))
            .Select(static s => s.Text)
            .Where(static t => t.Length >= 3)
            .ToList();
        return new Source(api, id, bytes, head, told, texts);
    }

    [GeneratedRegex("^event: ?(message_start|response\\.created)\r?$|(?<!^event: ?message_start\r?\n)^data: ?\\{\"type\": ?\"message_start\"|(?<=^data: ?\\[DONE\\]\r?\n\r?\n)(?=.)", RegexOptions.Multiline)]
    private static partial Regex Beginning();

    [GeneratedRegex("(event: ?ping\r?\n)?data: ?\\{\"type\": ?\"ping\"[^\n]*\r?\n\r?\n|^:[^\n]*\n(\r?\n)?", RegexOptions.Multiline)]
    private static partial Regex Sign();

    [GeneratedRegex("^\r?\n", RegexOptions.Multiline)]
    private static partial Regex Empty();

    private sealed record Source(string Api, string Id, byte[] Bytes, WireHead Head, StreamForm? Told, List<string> Texts)
    {
        public bool IsEvents => Told is null && Head.ContentType!.StartsWith("text/event-stream", StringComparison.Ordinal);

        public override string ToString() => $"{Api} {Id}";
    }
}
