using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Streams;
using LlmGuard.Http.Tests.Streams.Endings;
using LlmGuard.Http.Wire;
using Dialect = LlmGuard.Http.Tests.Streams.Laws.StreamRuleLawTests.Dialect;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// Rules of finite reach beside judges of whole text, all of which rewrite: where what they ask for overlaps, lies in or touches one another, the
/// answer becomes what it becomes whole, however it is cut into events, reads and windows.
/// </summary>
[Parallelizable(ParallelScope.All)]
[CancelAfter(300_000)]
internal sealed partial class StreamMixLawTests
{
    private const string Cadence = """ "timeout_ms": 60000, "streaming": { "head_chars": 20, "head_max_ms": 60000, "min_chars": 40, "max_hold_ms": 60000, "max_window_chars": 256 } """;

    // What a judge looks for stands in one event: of what has left it can edit nothing.
    private static readonly string[] Alphabet = ["SWAP", "JASH", "JART", "SWAPSWAP", " ", "a", "b", "bi", "rd", "the ", "d JASH b", "é", "\n", "1234",
        new('b', 700), new('b', 3000), "forbidden "];

    private static readonly string[] AllRules =
    [
        """{ "type": "regex", "pattern": "d [A-Z]+" """, """{ "type": "regex", "pattern": "[A-Z]+ b" """,
            """{ "type": "regex", "pattern": "[A-Z]{2,}" """, """{ "type": "regex", "pattern": "WA" """,
        """{ "type": "regex", "pattern": "b[a-zA-Z ]{0,20}d" """, """{ "type": "regex", "pattern": "b+" """,
            """{ "type": "regex", "pattern": "[ab]{3,}" """, """{ "type": "regex", "pattern": "P[ a-z0-9]{2,9}" """,
        """{ "type": "regex", "pattern": "A.*A" """,
    ];

    private static readonly string[] AllActions =
    [
        """, "mask_with": "[W]" """, """, "mask_with": "*", "preserve_len": true """, """, "mask_with": "[H]", "action": "hash" """,
            """, "mask_with": "[P]", "action": "partial" """,
    ];

    private static readonly Gen<Mix> Cases =
        from masks in Gen.NonEmptyListOf(Gen.NonEmptyListOf(Gen.Zip(Gen.Elements(AllRules), Gen.Elements(AllActions))))
        from first in Gen.Elements(true, false)
        from judgeAt in Gen.Choose(0, 2)
        from others in Gen.Elements("", "", ", " + Reader, ", " + Second, ", " + Stop, ", " + Second + ", " + Stop)
        from pieces in Gen.NonEmptyListOf(Gen.Frequency((30, Gen.Elements(Alphabet[..^3])), (2, Gen.Elements(Alphabet))))
        from cuts in Gen.ListOf(Gen.Choose(0, 1_000_000))
        select new Mix([.. masks.Take(2).Select(static m => m.Take(3).ToArray())], first, judgeAt, others, [.. pieces.Take(40)], [.. cuts]);

    private const string Judge = """{ "name": "judge", "parallel": true, """ + Cadence + " }";
    private const string Second = """{ "name": "second", "parallel": true, """ + Cadence + " }";
    private const string Reader = """{ "name": "reader", "parallel": true, """ + Cadence + " }";
    private const string Stop = """{ "name": "stop_word", "parallel": true }""";

    [TestCaseSource(typeof(StreamRuleLawTests), nameof(StreamRuleLawTests.Dialects))]
    public void ReadToEnd_GeneratedMixes_LeaveWhatTheWholeAnswerBecomes(object dialect)
    {
        Prop.ForAll(Cases.ToArbitrary(), c => ObeysAsync((Dialect)dialect, c).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest((GeneratedRules.Count + 1) / 2).WithReplay(20_266, 25));
    }

    [Test]
    public async Task ReadAsync_MaskingBesideJudge_FlowsWhileTheUpstreamGoesOn()
    {
        var judge = new JudgePlugin { Verdict = static call => ValueTask.FromResult(Words(call, WordPattern())) };
        await using var app = App(Mask("\"pattern\": \"the SW\", \"type\": \"regex\", \"mask_with\": \"[M]\"") + ", " + Judge, judge);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(SampleStreams.Chat("this is more than twenty characters of the SW", "AP. And more of them, so",
            " that it is worth a look."));
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        Assert.That(await run.ReadAsync(), Does.Contain("characters of [").And.Not.Contain("SW"), "the upstream has not ended");
        Assert.That(string.Concat(judge.Seen), Does.Contain("the SWAP."), "the judge sees what nobody has edited");
    }

    [Test]
    public async Task ReadToEnd_JudgeThatIsNotThere_CarriesOutWhatRulesAskFor()
    {
        var judge = new JudgePlugin { Verdict = static _ =>
            ValueTask.FromResult(GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Transport)) };
        await using var app = App(Mask("\"pattern\": \"b+rd\", \"type\": \"regex\", \"mask_with\": \"[M]\"") + ", "
            + Judge.Replace("\"judge\",", "\"judge\", \"on_error\": \"allow\",", StringComparison.Ordinal), judge);
        var stream = SampleStreams.Chat(Enumerable.Repeat("a text of thirty characters b|brd ok ".Split('|'), 100).SelectMany(static p => p));
        var left = await LeftAsync(app, stream, GuardedStreams.Head("text/event-stream"), []);
        Assert.That(judge.Seen, Has.Count.EqualTo(3), "it is retired");
        Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(Encoding.UTF8.GetString(left))),
            Is.EqualTo(string.Concat(Enumerable.Repeat("a text of thirty characters [M] ok ", 100))));
    }

    [Test]
    public async Task ReadToEnd_JudgeThatBlocks_LetsNothingGoThatNoVerdictCovered()
    {
        var judge = new JudgePlugin { Verdict = static call => ValueTask.FromResult(JudgePlugin.BlockIf(call, "evil")) };
        await using var app = App(Mask("\"pattern\": \"e?vi\", \"type\": \"regex\", \"mask_with\": \"[M]\"") + ", " + Judge, judge);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(Encoding.UTF8.GetString(SampleStreams.Chat("twenty harmless characters come first. ")).Split("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{  }")[0]);
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        run.Upstream.Send(SampleStreams.Chat("then the evil word, in a text of more than forty characters"));
        run.Upstream.End();
        Assert.That(await run.ReadToEndAsync(), Does.Contain("harmless").And.Not.Contain("word").And.Contain("content_filter"));
    }

    [Test]
    public async Task ReadToEnd_EditThatGoesOnBehindAnotherChoice_IsMadeOfAllOfIt()
    {
        // The rest of the first choice's match waits behind the second choice, which is not decided: its hash is of both events.
        var rule = "\"pattern\": \"d SWAP bi\", \"type\": \"keyword\", \"mask_with\": \"[M]\", \"action\": \"hash\"";
        await using var app = App(Mask(rule) + ", " + Judge, new JudgePlugin());
        (int, string)[] deltas =
            [(0, "this is more than forty characters, of which the end is d SWAP"), (1, "here the same is d SWAP"),
                (0, " bi, and what goes on is more than forty characters too"), (1, " bi."), (0, ".")];
        var stream = SampleStreams.ChatOf(deltas);
        var head = GuardedStreams.Head("text/event-stream");
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(stream, head))!);
        var ends = Enumerable.Range(0, stream.Length - 1).Where(n => stream[n] == '\n' && stream[n + 1] == '\n').Select(static n => n + 2).ToArray();
        Assert.That(Encoding.UTF8.GetString(await LeftAsync(app, stream, head, ends[..^1])), Is.EqualTo(whole));
    }

    [Test]
    public async Task ReadToEnd_UnionFromTheFirstWordToTheLast_IsOneMask()
    {
        // What the judges and the rules ask for overlaps like bricks, and reaches over the end of every event.
        await using var app = App(Mask("\"pattern\": \"P[S ]{1,3}W\", \"type\": \"regex\", \"mask_with\": \"[M]\"") + ", " + Judge, Editor());
        var head = GuardedStreams.Head("text/event-stream");
        var stream =
            SampleStreams.Chat(["twenty harmless characters: ", .. Enumerable.Range(0, 2401).Select(static n => n == 1200 ? "and " : "SWAP")]);
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(stream, head))!);
        Assert.That(
            Encoding.UTF8.GetString(await LeftAsync(app, stream, head, [.. Enumerable.Range(1, stream.Length / 700).Select(static n => n * 700)])),
            Is.EqualTo(whole));
        Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(whole)), Is.EqualTo("twenty harmless characters: [M]and [M]"));
    }

    [Test]
    public async Task ReadToEnd_RunsOfEditsInChoicesThatTakeTurns_LeaveWhatTheWholeAnswerBecomes([Range(1, 30)] int seed)
    {
        // Words of the judges stand in one event each; what the rules find reaches over the ends of events, in every choice at its own pace.
        var random = new Random(seed);
        string[] words = ["SWAP", "JASH", "SWAP ", " JART", "d ", " bi", "rd ", "SWAPSWAP", "and ", random.Next(3) == 0 ? new string('b', 90) : "b"];
        var rules = random.Next(3) switch
        {
            0 => Mask("\"type\": \"regex\", \"pattern\": \"[A-Z] ?[bS]\", \"mask_with\": \"[W]\""),
            1 => Mask("\"type\": \"regex\", \"pattern\": \"P[SJ ]{1,3}[WAS]\", \"mask_with\": \"[H]\", \"action\": \"hash\""),
            _ => Mask("\"type\": \"regex\", \"pattern\": \"[db]+ ?[a-zA-Z]\", \"mask_with\": \"*\""),
        };
        await using var app = App(rules + ", " + Judge + (seed % 2 == 0 ? ", " + Second : ""), Editor());
        var choices = random.Next(1, 4);
        var deltas = Enumerable.Range(0, random.Next(5, 600)).Select(_ => (random.Next(choices), words[random.Next(words.Length)])).ToList();
        var stream = SampleStreams.ChatOf(deltas);
        var head = GuardedStreams.Head("text/event-stream");
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(stream, head))!);
        var size = random.Next(100, 3000);
        foreach (var cuts in (int[][])[[], [.. Enumerable.Range(1, stream.Length / size).Select(n => n * size)],
            [.. Enumerable.Range(1, stream.Length / 211).Select(static n => n * 211)]])
        {
            Assert.That(Encoding.UTF8.GetString(await LeftAsync(app, stream, head, cuts)), Is.EqualTo(whole));
        }
    }

    private static async Task<bool> ObeysAsync(Dialect dialect, Mix c)
    {
        await using var app = App(c.Policy(isWithStop: true), Editor());
        var stream = dialect.Stream(c.Pieces);
        var head = GuardedStreams.Head(dialect.Type, dialect.Path);
        var whole = await app.HeldAsync(stream, head);
        foreach (var cuts in c.Ways(stream.Length))
        {
            var left = await LeftAsync(app, stream, head, cuts);
            if (whole is not null)
            {
                Assert.That(dialect.Text(left), Is.EqualTo(dialect.Text(whole)));

                // What is left of an earlier mask of which a part is masked again stays in its own event here.
                Assert.That(c.IsAfterOther || left.AsSpan().SequenceEqual(whole), "byte for byte");
                continue;
            }

            await using var others = App(c.Policy(isWithStop: false), Editor());
            if (await others.HeldAsync(stream, head) is { } masked)
            {
                Assert.That(dialect.Text(masked), Does.StartWith(dialect.Text(left)));
            }

            Assert.That(dialect.Text(left), Does.Not.Contain("forbidden"));
        }

        return true;
    }

    private static JudgePlugin Editor() => new() { Verdict = static call => ValueTask.FromResult(Words(call, WordPattern())) };

    private static GuardedStreams App(string entries, JudgePlugin judge) => new(
        entries,
        null,
        "",
        [judge, new JudgePlugin("second") { Verdict = static call => ValueTask.FromResult(Words(call, OtherPattern())) },
            new JudgePlugin("reader", rewrites: false), new StopWordPlugin()]);

    private static string Mask(string rule) =>
        $$"""{ "name": "data_masking", "stage": "pre_response", "parallel": true, "settings": { "similarity_threshold": 1, "rules": [ { {{rule}} } ] } }""";

    private static async Task<byte[]> LeftAsync(GuardedStreams app, byte[] stream, WireHead head, int[] cuts)
    {
        await using var call = app.Begin();
        var upstream = new FeedStream();
        await using var guarded = new GuardedStream(await app.OpenAsync(call, head), upstream);
        var start = 0;
        foreach (var cut in cuts.Append(stream.Length).Where(static c => c > 0).Distinct())
        {
            upstream.Send(stream[start..cut]);
            start = cut;
        }

        upstream.End();
        if (await guarded.OpenAsync(default) is not null)
        {
            return [];
        }

        using var left = new MemoryStream();
        await guarded.CopyToAsync(left);
        return left.ToArray();
    }

    /// <summary>Each word becomes a fixed text, one made of it, or one that shows a part of it.</summary>
    private static GuardrailVerdict Words(GuardrailCall call, Regex words)
    {
        var edits = new List<SegmentEdit>();
        foreach (var segment in call.Content)
        {
            foreach (Match match in words.Matches(segment.Text))
            {
                var becomes = match.Value switch
                {
                    "JASH" => Replacement.Rendered(static (original, _) => $"<{original.Length}>", MaskStrength.Hash),
                    "JART" => Replacement.Literal("J***", MaskStrength.Partial),
                    _ => Replacement.Literal("{J}"),
                };
                edits.Add(new SegmentEdit(segment.Index, segment.ToUtf8(match.Index, match.Length), becomes));
            }
        }

        return edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits);
    }

    [GeneratedRegex("SWAP|JASH|JART")]
    private static partial Regex WordPattern();

    [GeneratedRegex("WAP|JAS|JART|AR")]
    private static partial Regex OtherPattern();

    private sealed record Mix((string Rule, string Action)[][] Masks, bool IsAfterOther, int JudgeAt, string Others, string[] Pieces, int[] Cuts)
    {
        public int[][] Ways(int length) =>
            [[], [.. Cuts.Select(n => n % (length + 1)).Order()],
                [.. Enumerable.Range(1, 300).Select(n => (int)((long)n * length / 301)).Distinct()]];

        public string Policy(bool isWithStop)
        {
            var entries = Masks.Select(static (m, n) => Entry(n, m, "\"parallel\": true")).ToList();
            entries.Insert(Math.Min(JudgeAt, entries.Count), Judge);
            if (IsAfterOther)
            {
                entries.Insert(0, Entry(9, [("""{ "type": "regex", "pattern": "1[0-9]+" """, """, "mask_with": "bb d" """)], "\"priority\": 1"));
            }

            return string.Join(", ", entries) + (isWithStop ? Others : Others.Replace(", " + Stop, "", StringComparison.Ordinal));
        }

        public override string ToString() => Policy(isWithStop: true) + " "
            + JsonSerializer.Serialize(Pieces.Select(static p => p.Length < 100 ? p : $"{p[0]}*{p.Length}")) + " " + string.Join(",", Cuts);

        private static string Entry(int number, (string Rule, string Action)[] rules, string order)
        {
            var own = rules.DistinctBy(static r => r.Rule).Select(r => r.Rule + r.Action.Replace("W", $"{number}", StringComparison.Ordinal) + "}");
            return $$"""{ "name": "data_masking", "id": "m{{number}}", "stage": "pre_response", {{order}}, "settings": { "similarity_threshold": 1, "hash_key": "0123456789abcdef0123456789abcdef", "rules": [ {{string.Join(", ", own)}} ] } }""";
        }
    }
}
