using System.Text;

namespace LlmGuard.Http.Tests.Streams.Endings;

/// <summary>What a scanner of somebody else's may say of an answer, and what may not be believed: nothing of the text leaves then.</summary>
[TestFixture]
internal sealed class BrokenScannerTests
{
    // The last letter has two bytes.
    private const string Text = "secret caf\u00e9";
    private const int Length = 12;

    private static readonly Replacement Mask = Replacement.Literal("***");

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Of("takes back context", FailureReasons.InvalidVerdict, static (_, _, _, _) => -1);
        yield return Of("decides what has not come", FailureReasons.InvalidVerdict, static (pending, _, _, _) => pending.Length + 1);
        yield return Of("leaves something at the end", FailureReasons.InvalidVerdict,
            static (pending, context, isEnd, _) => isEnd ? pending.Length - 3 : context);
        yield return Of("decides half a letter", FailureReasons.InvalidVerdict,
            static (pending, _, isEnd, _) => isEnd ? pending.Length : Math.Min(pending.Length, Length - 1));
        yield return Edits("edits nothing", new TextSpan(3, 0));
        yield return Edits("edits before the text", new TextSpan(-1, 3));
        yield return Edits("edits behind it", new TextSpan(10, 3));
        yield return Edits("edits so much that it wraps around", new TextSpan(3, int.MaxValue));
        yield return Edits("begins within a letter", new TextSpan(Length - 1, 1));
        yield return Edits("ends within a letter", new TextSpan(7, 4));
        yield return Edits("goes back", new TextSpan(4, 2), new TextSpan(0, 2));
        yield return Edits("edits twice", new TextSpan(0, 3), new TextSpan(2, 3));
        yield return Of("edits what has not been decided", FailureReasons.InvalidEdit, static (pending, context, isEnd, edits) =>
        {
            edits.Add(new SpanEdit(new TextSpan(0, 6), Mask, "rule", "type"));
            return isEnd ? pending.Length : Math.Max(context, 3);
        });
    }

    [TestCaseSource(nameof(Broken))]
    public async Task Scanner_OutsideItsContract_EndsTheAnswerWithoutTheText(ScriptedScannerPlugin plugin, string reason)
    {
        await using var app = new GuardedStreams("""{ "name": "scripted", "on_error": "allow" }""", null, "", plugin);

        var stream = SampleStreams.Chat(Text);
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), [stream.AsSpan().LastIndexOf("data:"u8)]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(streamed.Refusal?.Code, Is.EqualTo(RefusalCodes.OutputUninspectable));
            Assert.That(streamed.Decision.Results.Single().Failure?.Reason, Is.EqualTo(reason));
            Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(streamed.Text)), Is.Empty);
        }
    }

    [Test]
    public async Task Scanner_EditsOfWholeLetters_AreCarriedOut()
    {
        var plugin = new ScriptedScannerPlugin(static (pending, _, isEnd, edits) =>
        {
            if (!isEnd)
            {
                return 0;
            }

            edits.Add(new SpanEdit(new TextSpan(0, 6), Mask, "rule", "type"));
            edits.Add(new SpanEdit(new TextSpan(Length - 2, 2), Mask, "rule", "type"));
            return pending.Length;
        });
        await using var app = new GuardedStreams("""{ "name": "scripted" }""", null, "", plugin);

        var streamed = await app.StreamAsync(SampleStreams.Chat(Text), GuardedStreams.Head("text/event-stream"), []);

        Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(streamed.Text)), Is.EqualTo("*** caf***"));
        Assert.That(Encoding.UTF8.GetByteCount(Text), Is.EqualTo(Length));
    }

    private static TestCaseData Of(string what, string reason, ScriptedScannerPlugin.Scan scan) =>
        new TestCaseData(new ScriptedScannerPlugin(scan), reason).SetArgDisplayNames(what);

    private static TestCaseData Edits(string what, params TextSpan[] spans) => Of(what, FailureReasons.InvalidEdit, (pending, context, isEnd, edits) =>
    {
        if (!isEnd)
        {
            return context;
        }

        foreach (var span in spans)
        {
            edits.Add(new SpanEdit(span, Mask, "rule", "type"));
        }

        return pending.Length;
    });
}
