using System.Text;
using System.Text.Json.Nodes;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// What a match across the content parts of one item loses in the deltas, every later copy of each part loses as well: each copy of a part is what
/// left of its deltas, held whole and while it arrives.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class PartCopyTests
{
    private const string Masking = """
        { "name": "data_masking", "stage": "pre_response", "settings": { "apply_all": true, "rules": [
            { "pattern": "Bluebird", "type": "keyword", "mask_with": "[NAME]" }, { "pattern": "\\Bsk[0-9]{4}", "type": "regex", "mask_with": "*" } ] } }
        """;

    private static readonly string[] Forbidden = ["Blue", "bird", "ann@", "ple.com", "sk1234"];

    private static IEnumerable<TestCaseData> Parts()
    {
        yield return Case("two parts", ["I saw a Blue", "bird today."], ["I saw a [NAME]", " today."]);
        yield return Case("a whole part inside", ["a Bl", "uebi", "rd!"], ["a [NAME]", "", "!"]);
        yield return Case("both ends", ["x Blue", "bird y ann@exam", "ple.com z"], null);
        yield return Case("a part that is masked alone too", ["Bluebird Blue", "bird Bluebird"], ["[NAME] [NAME]", " [NAME]"]);
        yield return Case("what is before the part decides", ["a", "sk1234 is it"], ["a", "* is it"]);
        yield return Case("escaped", ["\"❤\\ Blue", "bird\n😀"], ["\"❤\\ [NAME]", "\n😀"]);
        yield return Case("equal parts", ["see Blue", "bird Blue", "bird Blue", "bird."], ["see [NAME]", " [NAME]", " [NAME]", "."]);
        yield return Case("one part", ["one Bluebird."], ["one [NAME]."]);

        static TestCaseData Case(string name, string[] parts, string[]? expected) => new TestCaseData(parts, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Parts))]
    public async Task StreamAsync_MatchAcrossParts_IsMaskedInEveryCopy(string[] parts, string[]? expected)
    {
        await using var app = new GuardedStreams(Masking);
        var random = new Random(4711);
        for (var round = 0; round < 12; round++)
        {
            await AssertAsync(app, Stream(parts, random), random, parts.Length, expected);
        }
    }

    [Test]
    public async Task StreamAsync_ResponseThatStopsShort_RepeatsNothingThatTheDeltasLost(
        [Values("incomplete", "failed", "completed")] string status, [Values] bool isDone, [Values] bool isJudged)
    {
        // The vendor ends with response.incomplete or response.failed in place of response.completed: the same object, with what there is of the
        // output.
        const string Judge = """, { "name": "judge", "parallel": true, "streaming": { "head_chars": 10, "min_chars": 20, "max_hold_ms": 60000 } } """;
        await using var app = new GuardedStreams(
            isJudged ? Masking.TrimEnd()[..^1] + ", \"parallel\": true }" + Judge : Masking, null, "",
                new JudgePlugin { Verdict = static call => ValueTask.FromResult(Birds(call)) });
        string[] parts = ["I saw a Blue", "bird of ann@example.com, and of another Bluebird's ann@exam"];
        var item = $$"""{"id":"m","type":"message","status":"incomplete","role":"assistant","content":[{{string.Join(',', parts.Select(Part))}}]}""";
        var why = status switch
        {
            "incomplete" => """ "error":null,"incomplete_details":{"reason":"max_output_tokens"} """,
            "failed" => """ "error":{"code":"server_error","message":"ann@example.com saw the Bluebird"},"incomplete_details":null """,
            _ => """ "error":null,"incomplete_details":null """,
        };
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            var stream =
                string.Concat(parts.Select((part, n) => string.Concat(part.Chunk(random.Next(1, 9)).Select(c => Delta(n, new string(c))))
                + (isDone ? Done(n, part) : "")))
                + Event($"response.{status}",
                    $$""" "response":{"id":"r","object":"response","model":"g","status":"{{status}}",{{why}},"output":[{{item}}]} """.Trim());
            var head = GuardedStreams.Head("text/event-stream", "/v1/responses");
            var held = Encoding.UTF8.GetString((await app.HeldAsync(Encoding.UTF8.GetBytes(stream), head))!);
            await using var run = await GuardedRun.BeginAsync(app, app.Begin(), "/v1/responses");
            foreach (var sent in stream.Chunk(random.Next(1, 400)))
            {
                run.Upstream.Send(new string(sent));
            }

            run.Upstream.End();
            Assert.That(await run.Stream.OpenAsync(default), Is.Null);
            Assert.That(await run.ReadToEndAsync(), Is.EqualTo(held), "while it arrives as held whole");
            AssertCopies(held, 2, ["I saw a [NAME]", " of [MASKED_EMAIL], and of another [NAME]'s ann@exam"], Forbidden[..2]);
            Assert.That(held, Does.Contain($"\"status\":\"{status}\"").And.Not.Contain("ann@example"));
        }
    }

    [Test]
    public async Task StreamAsync_PartsTakeTurns_EachCopyIsWhatLeftOfItsPart()
    {
        await using var app = new GuardedStreams(Masking);
        var stream = Encoding.UTF8.GetBytes(
            Delta(0, "one Bl") + Delta(1, "ueb") + Delta(0, "ird two Blue") + Delta(1, "bird.") + Done(0, "one Blird two Blue")
                + Done(1, "uebbird."));
        await AssertAsync(app, stream, new Random(7), 2, ["one [NAME] two [NAME]", "."]);
    }

    [TestCase("")]
    [TestCase(""", "parallel": true }, { "name": "data_masking", "stage": "pre_response", "parallel": true, "settings": { "rules": [ { "pattern": "yesterday", "type": "keyword", "mask_with": "[DAY]" } ] } """)]
    [TestCase(""", "parallel": true }, { "name": "data_masking", "stage": "pre_response", "parallel": true, "settings": { "rules": [ { "pattern": "ebir", "type": "regex", "mask_with": "[B]" } ] } """)]
    public async Task ReadToEnd_JudgeThatEditsAcrossParts_IsFollowedInEveryCopy(string beside)
    {
        var judge = new JudgePlugin { Verdict = static call => ValueTask.FromResult(Birds(call)) };
        await using var app =
            new GuardedStreams(
            """{ "name": "judge", "streaming": { "head_chars": 40, "min_chars": 60, "max_hold_ms": 60000 } BESIDE }""".Replace("BESIDE", beside,
            StringComparison.Ordinal), null, "", judge);
        for (var seed = 0; seed < 12; seed++)
        {
            await using var run = await GuardedRun.BeginAsync(app, app.Begin(), "/v1/responses");
            var stream = Encoding.UTF8.GetString(Stream(["I saw a Blue", "bird and another Blue", "bird today."], new Random(seed)));
            foreach (var sent in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            {
                run.Upstream.Send(sent + "\n\n");
            }

            run.Upstream.End();
            Assert.That(await run.Stream.OpenAsync(default), Is.Null);
            AssertCopies(await run.ReadToEndAsync(), 3, ["I saw a [NAME]", " and another [NAME]", " today."]);
        }
    }

    [Test]
    public async Task StreamAsync_SummaryParts_AreMaskedInEveryCopy()
    {
        await using var app = new GuardedStreams(Masking);
        var random = new Random(5);
        string[] parts = ["they say Blue", "bird, so"];
        var stream = string.Concat(parts.Select((p, n) => Event("response.reasoning_summary_text.delta", $"\"summary_index\":{n},\"delta\":\"{p}\"")
            + Event("response.reasoning_summary_text.done", $"\"summary_index\":{n},\"text\":\"{p}\"")
            + Event("response.reasoning_summary_part.done", $"\"summary_index\":{n},\"part\":{{\"type\":\"summary_text\",\"text\":\"{p}\"}}")));
        await AssertAsync(app, Encoding.UTF8.GetBytes(stream), random, 2, ["they say [NAME]", ", so"]);
    }

    [Test]
    public async Task StreamAsync_TextOfAnotherItemOrLength_IsNoCopy()
    {
        await using var app = new GuardedStreams(Masking);
        var others = Event("response.output_text.done", "\"content_index\":0,\"text\":\"a Blues\"")
            + Event("response.output_text.done", "\"content_index\":0,\"text\":\"a Blue\"").Replace("\"output_index\":0", "\"output_index\":1",
                StringComparison.Ordinal);
        var stream = Encoding.UTF8.GetBytes(Delta(0, "a Blue") + Delta(1, "bird") + others);
        var head = GuardedStreams.Head("text/event-stream", "/v1/responses");
        Assert.That(Encoding.UTF8.GetString((await app.HeldAsync(stream, head))!), Does.EndWith(others).And.Contain("[NAME]"));
        Assert.That((await app.StreamAsync(stream, head, [50, 200])).Text, Does.EndWith(others).And.Contain("[NAME]"));
    }

    [Test]
    public async Task StreamAsync_MorePartsThanAnyAnswerHas_EndsTheAnswer()
    {
        await using var app = new GuardedStreams(Masking);
        var stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1100).Select(n => Delta(n, "a "))));
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream", "/v1/responses"), []);
        Assert.That(streamed.Refusal?.Reason, Is.EqualTo(FailureReasons.LimitExceeded));
    }

    private static GuardrailVerdict Birds(GuardrailCall call)
    {
        var edits = new List<SegmentEdit>();
        foreach (var segment in call.Content)
        {
            foreach (System.Text.RegularExpressions.Match match in System.Text.RegularExpressions.Regex.Matches(segment.Text, "Bluebird"))
            {
                edits.Add(new SegmentEdit(segment.Index, segment.ToUtf8(match.Index, match.Length), Replacement.Literal("[NAME]")));
            }
        }

        return edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits);
    }

    private static async Task AssertAsync(GuardedStreams app, byte[] stream, Random random, int parts, string[]? expected)
    {
        var head = GuardedStreams.Head("text/event-stream", "/v1/responses");
        var held = Encoding.UTF8.GetString((await app.HeldAsync(stream, head))!);
        AssertCopies(held, parts, expected);
        for (var i = 0; i < 3; i++)
        {
            var cuts = Enumerable.Range(0, random.Next(0, 40)).Select(_ => random.Next(stream.Length)).Order();
            var streamed = await app.StreamAsync(stream, head, cuts);
            Assert.That(streamed.Refusal, Is.Null);
            Assert.That(streamed.Text, Is.EqualTo(held), "while it arrives as held whole");
        }
    }

    /// <summary>Every copy of a part is what left of its pieces.</summary>
    internal static void AssertCopies(string answer, int parts, string[]? expected, string[]? forbidden = null)
    {
        var deltas = Enumerable.Range(0, parts).Select(_ => new StringBuilder()).ToArray();
        var copies = new List<(string Where, int Part, string Text)>();
        foreach (var e in answer.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l[6..])!))
        {
            var part = (int?)(e["content_index"] ?? e["summary_index"]) ?? -1;
            if (e["delta"] is { } delta)
            {
                deltas[part].Append((string)delta!);
            }

            if ((e["text"] ?? e["part"]?["text"]) is { } copy)
            {
                copies.Add(((string)e["type"]!, part, (string)copy!));
            }

            copies.AddRange(((e["item"] ?? e["response"]?["output"]?[0])?["content"]?.AsArray() ?? []).Select((c, n) =>
                ((string)e["type"]!, n, (string)c!["text"]!)));
        }

        var left = deltas.Select(d => d.ToString()).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(left, Is.EqualTo(expected ?? left));
            Assert.That(copies, Is.Not.Empty);
            Assert.That(copies, Is.EqualTo(copies.Select(c => (c.Where, c.Part, left[c.Part]))));
            Assert.That((forbidden ?? Forbidden).Where(word => answer.Contains(word, StringComparison.Ordinal)), Is.Empty);
        }
    }

    /// <summary>A response of OpenAI: the parts in pieces, and every copy of them.</summary>
    internal static byte[] Stream(string[] parts, Random random)
    {
        var stream = new StringBuilder();
        for (var part = 0; part < parts.Length; part++)
        {
            var text = parts[part];
            for (var start = 0; start < text.Length;)
            {
                var end = Math.Min(text.Length, start + random.Next(1, 7));
                end = end < text.Length && char.IsLowSurrogate(text[end]) ? end + 1 : end;
                stream.Append(Delta(part, text[start..end]));
                start = end;
            }

            stream.Append(Done(part, text));
        }

        var item = $$"""{"id":"m","type":"message","role":"assistant","content":[{{string.Join(',', parts.Select(Part))}}]}""";
        stream.Append(Event("response.output_item.done", $"\"item\":{item}"));
        stream.Append(Event("response.completed", $$"""
            "response":{"id":"r","object":"response","model":"g","status":"completed","output":[{{item}}]}
            """.Trim()));
        return Encoding.UTF8.GetBytes(stream.ToString());
    }

    private static string Delta(int part, string text) =>
        Event("response.output_text.delta", $"\"item_id\":\"m\",\"content_index\":{part},\"delta\":{Json(text)}");

    private static string Done(int part, string text) =>
        Event("response.output_text.done", $"\"item_id\":\"m\",\"content_index\":{part},\"text\":{Json(text)}")
        + Event("response.content_part.done", $"\"item_id\":\"m\",\"content_index\":{part},\"part\":{Part(text)}");

    private static string Part(string text) => $$"""{"type":"output_text","text":{{Json(text)}},"annotations":[]}""";

    private static string Event(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\",\"output_index\":0,{members}}}\n\n";

    private static string Json(string text) => JsonValue.Create(text).ToJsonString();
}
