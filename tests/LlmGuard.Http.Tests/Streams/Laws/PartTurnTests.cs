using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire.AmazonEvents;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// Parts of a text that take turns: what stands in the order in which it arrives, and what each part says from its first byte, is masked both, in
/// every event that leaves. The words are found by another engine here, and each event is looked at by itself, whatever left with it.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed partial class PartTurnTests
{
    private const string Masking = """
        { "name": "data_masking", "stage": "pre_response", "settings": { "rules": [
            { "pattern": "Bluebird", "type": "regex", "mask_with": "[N]" }, { "pattern": "\\bann@ex", "type": "regex", "mask_with": "[M]" },
            { "pattern": "ue +x", "type": "regex", "mask_with": "[U]" } ] } }
        """;

    private static readonly Turns[] Dialects =
    [
        new("responses", "text/event-stream", "/v1/responses", true,
            """{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":PART,"delta":TEXT}""",
            """{"type":"response.output_text.done","item_id":"m","output_index":0,"content_index":PART,"text":TEXT}"""),
        new("responses without output_index", "text/event-stream", "/v1/responses", true,
            """{"type":"response.output_text.delta","item_id":"m","content_index":PART,"delta":TEXT}"""),
        new("summaries", "text/event-stream", "/v1/responses", true,
            """{"type":"response.reasoning_summary_text.delta","item_id":"m","output_index":0,"summary_index":PART,"delta":TEXT}""",
            """{"type":"response.reasoning_summary_text.done","item_id":"m","output_index":0,"summary_index":PART,"text":TEXT}"""),
        new("items", "text/event-stream", "/v1/responses", false,
            """{"type":"response.output_text.delta","item_id":"m","output_index":PART,"content_index":0,"delta":TEXT}"""),
        new("anthropic", "text/event-stream", "/v1/messages", true,
            """{"type":"content_block_delta","index":PART,"delta":{"type":"text_delta","text":TEXT}}""",
                """{"type":"content_block_stop","index":PART}"""),
        new("cohere", "text/event-stream", "/v2/chat", true,
            """{"type":"content-delta","index":PART,"delta":{"message":{"content":{"text":TEXT}}}}""", """{"type":"content-end","index":PART}"""),
        new("converse", "application/vnd.amazon.eventstream", "/model/m/converse-stream", true,
            """{"contentBlockIndex":PART,"delta":{"text":TEXT},"p":"ab"}""", """{"contentBlockIndex":PART}"""),
        new("choices", "text/event-stream", "/v1/chat/completions", false,
            """{"id":"c","choices":[{"index":PART,"delta":{"content":TEXT}}]}"""),
        new("candidates", "text/event-stream", "/v1beta/models/g:streamGenerateContent", false,
            """{"candidates":[{"index":PART,"content":{"role":"model","parts":[{"text":TEXT}]}}]}"""),
    ];

    private static int Count => 3 * GeneratedRules.Count;

    [TestCaseSource(nameof(Dialects))]
    public void StreamAsync_PartsThatTakeTurns_AreMaskedInBothReadings(object dialect)
    {
        var cases =
            from pieces in Gen.NonEmptyListOf(Gen.Zip(Gen.Choose(0, 2),
                Gen.Elements("Blue", "bird", "Bl", "ue", "bi", "rd", "ann@", "ex", " ", "x", "")))
            from isDone in Gen.Elements(true, false)
            from cuts in Gen.ListOf(Gen.Choose(0, 10_000))
            select new Case([.. pieces], isDone, [.. cuts]);
        Prop.ForAll(cases.ToArbitrary(), c => ObeysAsync((Turns)dialect, c).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Count).WithReplay(20_261, 19));
    }

    [TestCaseSource(nameof(Dialects))]
    public async Task StreamAsync_ReturnToAnEarlierPart_MasksWhatOnlyThatPartShows(object dialect)
    {
        Assert.That(await ObeysAsync((Turns)dialect, new Case([(0, "I saw a Blue"), (1, "x"), (0, "bird today")], false, [])));
        Assert.That(await ObeysAsync((Turns)dialect, new Case([(0, "Bl"), (1, "Bl"), (0, "ueb"), (1, "ueb"), (0, "ird"), (1, "ird")], true, [])));
    }

    [Test]
    public async Task StreamAsync_PartThatIsOver_HoldsNothingThatFollows()
    {
        await using var app = new GuardedStreams(Masking);
        var turns = Dialects[0];
        var stream = turns.Stream([(0, "I saw a Blue"), (1, "and then went on "), (1, "to say more")], isDone: true);
        var before = turns.Stream([(0, "I saw a Blue"), (1, "and then went on ")], isDone: true).Length - turns.Done(1, "and then went on ").Length;
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head(turns.Type, turns.Path), [before]);
        Assert.That(streamed.Lengths[0], Is.EqualTo(before), "the first part cannot become a name any more");
    }

    [Test]
    public async Task StreamAsync_PartThatGoesOnAfterItsEnd_DoesNotLeak()
    {
        await using var app = new GuardedStreams(Masking);
        var turns = Dialects[0];
        var stream = string.Concat(
            turns.Delta(0, "a Blue"), turns.Delta(1, "x"), turns.Done(0, "a Blue"), turns.Delta(1, "y"), turns.Delta(0, "bird and Blue"),
                turns.Delta(0, "bird"));
        foreach (var cuts in (int[][])[[], [.. Enumerable.Range(1, stream.Length - 1)]])
        {
            var streamed = await app.StreamAsync(Encoding.UTF8.GetBytes(stream), GuardedStreams.Head(turns.Type, turns.Path), cuts);
            Assert.That(streamed.Text, Does.Not.Contain("bird"), "half of the name has left as what it was said to be: the rest does not");
        }
    }

    private static async Task<bool> ObeysAsync(Turns turns, Case c)
    {
        await using var app = new GuardedStreams(Masking);
        var stream = turns.Stream(c.Pieces, c.IsDone);
        var head = GuardedStreams.Head(turns.Type, turns.Path);
        var held = (await app.HeldAsync(stream, head))!;
        AssertEvents(turns, c, held);
        foreach (var cuts in (int[][])[[], [.. c.Cuts.Select(n => n % (stream.Length + 1)).Order()], [.. Enumerable.Range(1, stream.Length - 1)]])
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            Assert.That(streamed.Refusal, Is.Null);
            AssertEvents(turns, c, streamed.Bytes);
            Assert.That(Convert.ToHexString(streamed.Bytes), Is.EqualTo(Convert.ToHexString(held)), "while it arrives as held whole");
        }

        return true;
    }

    /// <summary>Each event holds what neither reading masks of its piece, and where a mask stands something was masked.</summary>
    private static void AssertEvents(Turns turns, Case c, byte[] answer)
    {
        var texts = turns.Texts(answer);
        var masked = MaskedBy(c.Pieces, turns.IsJoined);
        Assert.That(texts, Has.Count.EqualTo(c.Pieces.Length));
        for (var i = 0; i < texts.Count; i++)
        {
            var left = string.Concat(c.Pieces[i].Text.Where((_, at) => !masked[i][at]));
            Assert.That(MaskPattern().Replace(texts[i], ""), Is.EqualTo(left), $"event {i} of {c}");
        }

        Assert.That(MaskPattern().Count(string.Concat(texts)),
            Is.EqualTo(0).Or.Positive.And.LessThanOrEqualTo(masked.Sum(static m => m.Count(static x => x))));
    }

    private static bool[][] MaskedBy((int Part, string Text)[] pieces, bool isJoined)
    {
        var masked = pieces.Select(static p => new bool[p.Text.Length]).ToArray();
        foreach (var part in pieces.Select(static p => p.Part).Distinct())
        {
            Mark(part);
        }

        if (isJoined)
        {
            Mark(null);
        }

        return masked;

        void Mark(int? part)
        {
            var places = pieces.SelectMany((p, i) => p.Text.Select((_, at) => (p.Part, i, at))).Where(p => part is null || p.Part == part).ToArray();
            var text = string.Concat(places.Select(p => pieces[p.i].Text[p.at]));
            foreach (Match match in WordPattern().Matches(text))
            {
                foreach (var (_, i, at) in places.AsSpan(match.Index, match.Length))
                {
                    masked[i][at] = true;
                }
            }
        }
    }

    [GeneratedRegex("Bluebird|\\bann@ex|ue +x")]
    private static partial Regex WordPattern();

    [GeneratedRegex("\\[[NMU]\\]")]
    private static partial Regex MaskPattern();

    private sealed record Case((int Part, string Text)[] Pieces, bool IsDone, int[] Cuts)
    {
        public override string ToString() =>
            $"{string.Join(' ', Pieces.Select(static p => $"{p.Part}:'{p.Text}'"))} {IsDone} {string.Join(',', Cuts)}";
    }

    /// <summary>A dialect whose texts have parts.</summary>
    internal sealed record Turns(string Name, string Type, string Path, bool IsJoined, string Event, string? End = null)
    {
        private bool IsBinary => Type != "text/event-stream";

        public string Delta(int part, string text) => Framed(Filled(Event, part, text));

        public string Done(int part, string text) => End is null ? "" : Framed(Filled(End, part, text));

        /// <summary>The pieces, each part followed by its end where it is to be told.</summary>
        public byte[] Stream((int Part, string Text)[] pieces, bool isDone)
        {
            var stream = new ArrayBufferWriter<byte>();
            for (var i = 0; i < pieces.Length; i++)
            {
                var (part, text) = pieces[i];
                Write(stream, "contentBlockDelta", Filled(Event, part, text));
                if (isDone && End is not null && pieces[(i + 1)..].All(p => p.Part != part))
                {
                    Write(stream, "contentBlockStop", Filled(End, part, string.Concat(pieces.Where(p => p.Part == part).Select(static p => p.Text))));
                }
            }

            return stream.WrittenSpan.ToArray();
        }

        /// <summary>The texts of the pieces that left.</summary>
        public List<string> Texts(byte[] stream)
        {
            var mark = Event.Split('"')[3];
            return [.. Payloads(stream).Select(static p => JsonNode.Parse(p)!).Where(p => IsPiece(p, mark)).Select(TextOf)];
        }

        public override string ToString() => Name;

        private bool IsPiece(JsonNode node, string mark) => node["type"] is { } type ? (string)type! == mark : !IsBinary || node["delta"] is not null;

        private static string TextOf(JsonNode node) => (string)(node switch
        {
            JsonObject when node["choices"] is { } choices => choices[0]!["delta"]!["content"],
            JsonObject when node["candidates"] is { } candidates => candidates[0]!["content"]!["parts"]![0]!["text"],
            JsonObject when node["delta"] is JsonObject delta => delta["text"] ?? delta["message"]!["content"]!["text"],
            _ => node["delta"],
        })!;

        private static string Framed(string json) => $"data: {json}\n\n";

        private static string Filled(string template, int part, string text) =>
            template.Replace("PART", $"{part}", StringComparison.Ordinal).Replace("TEXT", JsonSerializer.Serialize(text), StringComparison.Ordinal);

        private void Write(ArrayBufferWriter<byte> stream, string name, string json)
        {
            if (IsBinary)
            {
                AmazonEventWriter.WriteEvent(stream, name, Encoding.UTF8.GetBytes(json));
            }
            else
            {
                stream.Write(Encoding.UTF8.GetBytes(Framed(json)));
            }
        }

        private IEnumerable<string> Payloads(byte[] stream)
        {
            if (!IsBinary)
            {
                return Encoding.UTF8.GetString(stream).Split('\n').Where(static l => l.StartsWith("data: ", StringComparison.Ordinal))
                    .Select(static l => l[6..]);
            }

            var payloads = new List<string>();
            for (var start = 0; start < stream.Length;)
            {
                Assert.That(AmazonEventFrame.TryRead(stream.AsSpan(start), AmazonEventFrame.MaxLength, out var frame),
                    Is.EqualTo(AmazonEventStatus.Complete));
                payloads.Add(Encoding.UTF8.GetString(stream.AsSpan(start + frame.Payload.Start, frame.Payload.Length)));
                start += frame.Length;
            }

            return payloads;
        }
    }
}
