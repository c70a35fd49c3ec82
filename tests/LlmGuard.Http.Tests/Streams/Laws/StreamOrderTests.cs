using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Tests.Streams.Endings;
using LlmGuard.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// The order of entries is law: entries of finite reach and judges of whole text, in every order that flows, give what they give on the whole answer.
/// </summary>
[CancelAfter(60_000)]
internal sealed partial class StreamOrderTests
{
    private const string Cadence = """ "timeout_ms": 60000, "streaming": { "head_chars": 20, "head_max_ms": 5000, "min_chars": 40, "max_hold_ms": 800, "max_window_chars": 256 } """;
    private const string Mails = """{ "name": "data_masking", "stage": "pre_response", "priority": 5, "settings": { "apply_all": true } }""";
    private const string Judge = """{ "name": "judge", "priority": 10, """ + Cadence + " }";
    private const string Second = """{ "name": "second", "priority": 11, """ + Cadence + " }";

    private static readonly string Later = Mails.Replace(": 5,", ": 20,", StringComparison.Ordinal);

    private static readonly string Between = Mails.Replace(": 5,", ": 15,", StringComparison.Ordinal);
    private static readonly string Third = Second.Replace(": 11,", ": 18,", StringComparison.Ordinal);
    private static readonly string Last = """{ "name": "data_masking", "stage": "pre_response", "priority": 25, "settings": { "rules": [ { "pattern": "stayed", "type": "keyword", "mask_with": "[WENT]" } ] } }""";
    private static readonly string Beside = Mails.Replace("\"priority\": 5", "\"parallel\": true", StringComparison.Ordinal);
    private const string Reader = """{ "name": "reader", "parallel": true, """ + Cadence + " }";
    private static readonly string Aside = Judge.Replace("\"priority\": 10", "\"parallel\": true", StringComparison.Ordinal);
    private const string Stop = """{ "name": "stop_word", "parallel": true }""";

    private static readonly string Birds = """{ "name": "data_masking", "stage": "pre_response", "priority": 6, "settings": { "rules": [ { "pattern": "Bluebird", "type": "keyword", "mask_with": "[BIRD]" } ] } }""";

    private static IEnumerable<TestCaseData> Orders()
    {
        yield return new TestCaseData(Mails + "," + Judge).SetArgDisplayNames("masking, judge");
        yield return new TestCaseData(Judge + "," + Later).SetArgDisplayNames("judge, masking");
        yield return new TestCaseData(Birds + "," + Judge + "," + Later).SetArgDisplayNames("masking, judge, masking");
        yield return new TestCaseData(Judge + "," + Second).SetArgDisplayNames("judge, judge");
        yield return new TestCaseData(Birds + "," + Judge + "," + Second + "," + Later).SetArgDisplayNames("masking, judge, judge, masking");
        yield return new TestCaseData(Judge + "," + Between + "," + Third).SetArgDisplayNames("judge, masking, judge");
        yield return new TestCaseData(Birds + "," + Judge + "," + Between + "," + Third + "," + Last)
            .SetArgDisplayNames("masking, judge, masking, judge, masking");
        yield return new TestCaseData(Judge + "," + Beside + "," + Reader).SetArgDisplayNames("judge, masking beside a judge that reads");
        yield return new TestCaseData(Stop + "," + Aside).SetArgDisplayNames("block beside a judge that edits");
        yield return new TestCaseData(Beside + "," + Aside).SetArgDisplayNames("masking beside a judge that edits");
        yield return new TestCaseData(Birds + "," + Second + "," + Aside + "," + Beside + "," + Reader + "," + Stop)
            .SetArgDisplayNames("masking, judge, all side by side");
    }

    [TestCaseSource(nameof(Orders))]
    public async Task ReadToEnd_JudgeThatEdits_LeavesWhatTheWholeAnswerBecomes(string entries)
    {
        // What the judge writes is there for those after it to mask, and for none before.
        await using var app = App(entries, new JudgePlugin { Verdict = static call => ValueTask.FromResult(Swap(call)) });
        var text = "Blue bird and Bluebird met SWAP and joe@example.com, who owed them 4111 1111 1111 1111; then SWAP left. Bluebird stayed.";
        foreach (var size in (int[])[1, 3, 8, 40, 1000])
        {
            foreach (var stream in (byte[][])[SampleStreams.Chat(Pieces(text, size)),
                SampleStreams.ChatTool(Pieces("{\"to\":\"SWAP\",\"text\":\"Bluebird, joe@example.com\"}", size))])
            {
                var whole = await app.HeldAsync(stream, GuardedStreams.Head("text/event-stream"));
                Assert.That(await StreamAsync(app, stream), Is.EqualTo(Encoding.UTF8.GetString(whole!)), $"pieces of {size}");
            }
        }
    }

    [Test]
    public async Task ReadToEnd_SeveralEditsWhereWindowsOverlap_AreEachMadeOnce([Values(0, 3, 8, 12)] int shift)
    {
        // 32 bytes are shown with the 256 before them and with those behind them.
        await using var app = App(Judge, new JudgePlugin { Verdict = static call => ValueTask.FromResult(Swap(call)) });
        var text = new string('x', 225 + shift) + " SWAP a SWAP b SWAP c " + new string('y', 300);
        foreach (var stream in (byte[][])[SampleStreams.Chat(text), SampleStreams.ChatTool(JsonSerializer.Serialize(new { text }))])
        {
            var whole = await app.HeldAsync(stream, GuardedStreams.Head("text/event-stream"));
            Assert.That(await StreamAsync(app, stream), Is.EqualTo(Encoding.UTF8.GetString(whole!)));
        }
    }

    [Test]
    public void ReadToEnd_GeneratedOrders_LeaveWhatTheWholeAnswerBecomes()
    {
        string[] masks =
            ["\"apply_all\": true", Rule("Bluebird", "[BIRD]"), Rule("stayed", "[WENT]"), Rule("ann", "Bluebird"), Rule("[BIRD]", "stayed")];
        var entries =
            Gen.Elements([.. masks.Select(static m => $$"""{ "name": "data_masking", "stage": "pre_response", "settings": { {{m}} } """),
            Open("judge"), Open("second")]);
        var cases =
            from order in Gen.NonEmptyListOf(entries)
            from words in Gen.NonEmptyListOf(Gen.Elements("Blue", "bird ", "Bluebird", "SWAP", " ", "joe@example.com", "stayed", "4111 1111 ",
                "1111 1111", "ann", "[BIRD]", "it is said that "))
            from size in Gen.Choose(1, 60)
            from isTool in Gen.Elements(true, false)
            select (Order: order.Distinct().Select(static (e, n) => $"{e}, \"priority\": {n + 1} }}").ToArray(), Text: string.Concat(words),
                Size: size, IsTool: isTool);
        Prop.ForAll(cases.ToArbitrary(), c => FlowsAsWholeAsync(string.Join(',', c.Order), c.Text, c.Size, c.IsTool).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedRules.Count).WithReplay(20_262, 21));

        static string Open(string judge) => $"{{ \"name\": \"{judge}\", {Cadence}";

        static string Rule(string pattern, string mask) =>
            $$""" "rules": [ { "pattern": "{{pattern}}", "type": "keyword", "mask_with": "{{mask}}" } ] """;
    }

    // What the judge writes is masked in two: the end of the mail before it with its beginning, and its end with the mail behind it.
    [Test]
    public async Task ReadToEnd_MasksThatMeetInWhatAJudgeWrote_LeaveTheTextOfTheWholeAnswer([Values(15, 17, 19, 60)] int size)
    {
        var text = "joe@example.comSWAPjoe@example.com, and that is all.";
        Assert.That(await FlowsAsWholeAsync(Judge + "," + Later, text, size, isTool: false), Is.True);
    }

    private static async Task<bool> FlowsAsWholeAsync(string entries, string text, int size, bool isTool)
    {
        await using var app = App(entries, new JudgePlugin { Verdict = static call => ValueTask.FromResult(Swap(call)) });
        var stream = isTool ? SampleStreams.ChatTool(Pieces($$"""{"text":"{{text}}"}""", size)) : SampleStreams.Chat(Pieces(text, size));
        var whole = Encoding.UTF8.GetString((await app.HeldAsync(stream, GuardedStreams.Head("text/event-stream")))!);
        Assert.That(Parted(await StreamAsync(app, stream)), Is.EqualTo(Parted(whole)));
        return true;
    }

    /// <summary>The text of a stream, and its events without it.</summary>
    /// <remarks>
    /// Where what a judge writes is masked in turn, together with text on both sides of it, a held answer has all of that as one edit, which stands
    /// in the event in which it begins. In a stream the judge's text is there before the masks are: each stands where its own first byte does.
    /// </remarks>
    private static (string Text, string Events) Parted(string stream)
    {
        var text = new StringBuilder();
        var events = Texts().Replace(stream, piece =>
        {
            text.Append(JsonSerializer.Deserialize<string>(piece.Groups[2].Value));
            return piece.Groups[1].Value;
        });
        return (text.ToString(), events);
    }

    [GeneratedRegex("""("(?:content|arguments)": ?)("(?:[^"\\]|\\.)*")""")]
    private static partial Regex Texts();

    [TestCaseSource(nameof(Orders))]
    public async Task OpenAsync_UpstreamThatPauses_GoesOutAfterHeadMaxAndGoesOn(string entries)
    {
        var time = new ManualTime();
        await using var app = App(entries, new JudgePlugin(), time);
        await using var run = await GuardedRun.BeginAsync(app);
        var stream = SampleStreams.Chat("Card: 4111 1111", " 1111 1111 it is, thanks");
        var events = Events(stream);
        run.Upstream.Send(events[0] + events[1]);
        var opening = run.Stream.OpenAsync(default).AsTask();
        await time.WhenDueInAsync(TimeSpan.FromSeconds(5));
        Assert.That(opening.IsCompleted, Is.False);

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await opening, Is.Null);

        run.Upstream.Send(string.Concat(events[2..]));
        run.Upstream.End();
        var whole = await app.HeldAsync(stream, GuardedStreams.Head("text/event-stream"));
        Assert.That(await run.ReadToEndAsync(), Is.EqualTo(Encoding.UTF8.GetString(whole!)));
    }

    [TestCaseSource(nameof(Orders))]
    public async Task OpenAsync_UpstreamThatSendsNothing_GoesOutAfterHeadMax(string entries)
    {
        var time = new ManualTime();
        await using var app = App(entries, new JudgePlugin(), time);
        await using var run = await GuardedRun.BeginAsync(app);
        var opening = run.Stream.OpenAsync(default).AsTask();
        await time.WhenDueInAsync(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await opening, Is.Null);
    }

    [TestCaseSource(nameof(Orders))]
    public async Task OpenAsync_JudgeThatThinksTooLong_GoesOutAndBlocksInStream(string entries)
    {
        var time = new ManualTime();
        var verdict = new TaskCompletionSource<GuardrailVerdict>();
        await using var app = App(entries, new JudgePlugin { Verdict = _ => new ValueTask<GuardrailVerdict>(verdict.Task) }, time);
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(string.Concat(Events(SampleStreams.Chat("twenty harmless characters and more"))[..2]));
        var opening = run.Stream.OpenAsync(default).AsTask();
        await time.WhenDueInAsync(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await opening, Is.Null, "the status line goes out");

        // Judges behind others have not been asked yet; what comes to them now waits for more, as long as anything may.
        verdict.SetResult(GuardrailVerdict.Block());
        var reading = run.ReadToEndAsync();
        if (await Task.WhenAny(reading, time.WhenDueInAsync(TimeSpan.FromMilliseconds(800))) != reading)
        {
            time.Advance(TimeSpan.FromMilliseconds(800));
        }

        Assert.That(await reading, Does.Contain("content_filter").And.Not.Contain("harmless"));
    }

    [Test]
    public async Task ReadAsync_MaskingBehindJudge_FlowsWhileTheUpstreamGoesOn()
    {
        var judge = new JudgePlugin();
        await using var app = App(Judge + "," + Later, judge);
        await using var run = await GuardedRun.BeginAsync(app);
        var events = Events(SampleStreams.Chat("write to joe@example.com ", "about the boats ", "tomorrow"));
        run.Upstream.Send(events[0] + events[1] + events[2]);
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        var text = await run.ReadAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("boats").And.Not.Contain("joe"), "the upstream has not ended, and what is decided has left");
            Assert.That(judge.Seen[0], Is.EqualTo("write to joe@example.com about the boats "), "the judge comes first");
        }
    }

    [Test]
    public async Task ReadToEnd_BlockBehindJudge_LeavesWhatStandsBefore()
    {
        await using var app = App(Judge + """, { "name": "stop_word", "priority": 20 }""", new JudgePlugin());
        var text = await StreamAsync(app, SampleStreams.Chat("some twenty characters, ", "then the forb", "idden word ", "and more"));
        Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(text)), Is.EqualTo("some twenty characters, "));
        Assert.That(text, Does.Contain("content_filter").And.EndsWith("data: [DONE]\n\n"));
    }

    [Test]
    public async Task ReadToEnd_BlockByJudgeBeforeMasking_CutsWhatNoVerdictCovered()
    {
        await using var app =
            App(Judge + "," + Later, new JudgePlugin { Verdict = static call => ValueTask.FromResult(JudgePlugin.BlockIf(call, "evil")) });
        var text = await StreamAsync(app,
            SampleStreams.Chat("some twenty characters, joe@exam", "ple.com and the evil word, for more than forty characters"));
        Assert.That(text, Does.Not.Contain("evil").And.Not.Contain("joe").And.Not.Contain("ple.com"));
    }

    [Test]
    public async Task ReadAsync_ThoughtsThatEndInHalfAMatch_DoNotHoldTheAnswer()
    {
        await using var app = App(Judge + "," + Later, new JudgePlugin());
        await using var run = await GuardedRun.BeginAsync(app);
        run.Upstream.Send(Chunk("reasoning_content", "the number begins with 4111 1111") + Chunk("content", "It is a long number. "));
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        Assert.That(await run.ReadAsync(), Does.Contain("4111 1111").And.Contain("It is a long number. "));
    }

    [Test]
    public async Task ReadToEnd_ReversibleMaskAndJudge_RestoresBehindTheJudge()
    {
        var judge = new JudgePlugin();
        await using var app =
            App("""{ "name": "data_masking", "settings": { "apply_all": true, "reversible_hashing": { "enabled": true } } },""" + Judge, judge);
        var call = app.Begin();
        var decision = await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("I am joe@example.com", SegmentRole.User));
        var placeholder = decision.Content[0].Text["I am ".Length..];
        Assert.That(placeholder, Does.Not.Contain("joe"));
        await using var run = await GuardedRun.BeginAsync(app, call);
        var half = placeholder.Length / 2;
        run.Upstream.Send(SampleStreams.Chat("Hello, you there: ", placeholder[..half], placeholder[half..] + ", are you not?"));
        run.Upstream.End();
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        var text = await run.ReadToEndAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(text)), Is.EqualTo("Hello, you there: joe@example.com, are you not?"));
            Assert.That(judge.Seen, Has.Some.Contains(placeholder).And.None.Contains("joe@"), "the judge never sees the original");
        }
    }

    [Test]
    public async Task ReadToEnd_MaskingBetweenJudges_ShowsEachWhatTheOneBeforeLeft()
    {
        var (first, second) = (new JudgePlugin { Verdict = static call => ValueTask.FromResult(Swap(call)) }, new JudgePlugin("second"));
        await using var app = new GuardedStreams(Judge + "," + Between + "," + Third, null, "", first, second);
        var text = await StreamAsync(app, SampleStreams.Chat(Pieces("Write to joe@example.com, she said, or to SWAP if he is not there today.", 8)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Not.Contain("example.com"));
            Assert.That(string.Concat(first.Seen), Does.Contain("joe@example.com").And.Contain("SWAP"), "the first sees what the model said");
            Assert.That(second.Seen, Is.Not.Empty.And.None.Contains("@example").And.None.Contains("SWAP"), "the second sees what the masks left");
        }
    }

    [Test]
    public async Task ReadToEnd_SecondJudgeBlocks_CutsWhatItDidNotCover()
    {
        var second = new JudgePlugin("second") { Verdict = static call => ValueTask.FromResult(JudgePlugin.BlockIf(call, "evil")) };
        await using var app = new GuardedStreams(Judge + "," + Between + "," + Third, null, "", new JudgePlugin(), second);
        await using var run = await GuardedRun.BeginAsync(app);
        var events =
            Events(SampleStreams.Chat("some forty harmless characters come first, here they are. ",
            "then the evil word comes, and more than forty of others."));
        run.Upstream.Send(events[0] + events[1]);
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        run.Upstream.Send(string.Concat(events[2..]));
        run.Upstream.End();
        var text = await run.ReadToEndAsync();
        Assert.That(text, Does.Contain("harmless").And.Not.Contain("evil").And.Contain("content_filter").And.EndsWith("data: [DONE]\n\n"));
    }

    private static GuardedStreams App(string entries, JudgePlugin judge, ManualTime? time = null) => new(
        entries,
        services => services.AddSingleton<TimeProvider>((TimeProvider?)time ?? TimeProvider.System),
        "",
        [judge, new JudgePlugin("second"), new JudgePlugin("reader", rewrites: false), new StopWordPlugin()]);

    private static async Task<string> StreamAsync(GuardedStreams app, byte[] stream)
    {
        await using var run = await GuardedRun.BeginAsync(app);
        foreach (var sent in Events(stream))
        {
            run.Upstream.Send(sent);
        }

        run.Upstream.End();
        Assert.That(await run.Stream.OpenAsync(default), Is.Null);
        return await run.ReadToEndAsync();
    }

    private static GuardrailVerdict Swap(GuardrailCall call)
    {
        var edits = new List<SegmentEdit>();
        foreach (var segment in call.Content)
        {
            for (var at = segment.Utf8.Span.IndexOf("SWAP"u8); at >= 0;)
            {
                edits.Add(new SegmentEdit(segment.Index, new TextSpan(at, 4), Replacement.Literal("ann@example.com")));
                var next = segment.Utf8.Span[(at + 4)..].IndexOf("SWAP"u8);
                at = next < 0 ? -1 : at + 4 + next;
            }
        }

        return edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits);
    }

    /// <summary>Pieces of about so many characters; the word that the judge edits stays in one.</summary>
    private static List<string> Pieces(string text, int size)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = Math.Min(text.Length, at + size);
            while (end < text.Length && char.IsAsciiLetterUpper(text[end]) && char.IsAsciiLetterUpper(text[end - 1]))
            {
                end++;
            }

            pieces.Add(text[at..end]);
            at = end;
        }

        return pieces;
    }

    private static string Chunk(string field, string text) =>
        $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"{{{field}}}":"{{{text}}}"},"finish_reason":null}]}""" + "\n\n";

    private static string[] Events(byte[] stream) =>
        [.. Encoding.UTF8.GetString(stream).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static e => e + "\n\n")];
}
