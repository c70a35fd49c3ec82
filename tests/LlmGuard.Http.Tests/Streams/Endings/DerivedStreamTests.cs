using System.Text;
using LlmGuard.Http.Tests.Streams.Laws;

namespace LlmGuard.Http.Tests.Streams.Endings;

/// <summary>What repeats a text in later events than the one whose text was edited, and thoughts that end where words begin.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class DerivedStreamTests
{
    [Test]
    public async Task StreamAsync_OllamaContextInTheLastLine_IsEmptiedWhereTheTextWasEdited([Values] bool isEdited)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Encoding.UTF8.GetBytes(
            "{\"model\":\"m\",\"response\":\"Blue\",\"done\":false}\n{\"model\":\"m\",\"response\":\"" + (isEdited ? "bird" : "jay")
                + "\",\"done\":false}\n"
            + "{\"model\":\"m\",\"response\":\"\",\"done\":true,\"context\":[7,8,9]}\n");
        await AssertAsync(app, stream, "application/x-ndjson", "/api/generate", isEdited ? "\"context\":[]" : "\"context\":[7,8,9]");
    }

    [Test]
    public async Task StreamAsync_LogProbabilitiesAfterTheEdit_AreEmptied([Values] bool isEdited)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        static string Chunk(string members) =>
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0," + members + "}]}\n\n";
        var stream = Encoding.UTF8.GetBytes(
            Chunk("\"delta\":{\"content\":\"Blue\"}") + Chunk("\"delta\":{\"content\":\"" + (isEdited ? "bird" : "jay") + ".\"}")
            + Chunk("\"delta\":{},\"logprobs\":{\"content\":[{\"token\":\"Blue\",\"logprob\":-0.1,\"bytes\":[66]}]}") + "data: [DONE]\n\n");
        await AssertAsync(app, stream, "text/event-stream", "/v1/chat/completions", isEdited ? "\"logprobs\":null" : "\"token\":\"Blue\"");
    }

    [Test]
    public async Task StreamAsync_OtherChoiceWasEdited_KeepsTheLogProbabilities()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Encoding.UTF8.GetBytes(
            "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"Bluebird.\"}}]}\n\n"
            + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"jay\"},\"logprobs\":{\"content\":[{\"token\":\"jay\"}]}}]}\n\n");
        await AssertAsync(app, stream, "text/event-stream", "/v1/chat/completions", "\"token\":\"jay\"");
    }

    [Test]
    public async Task StreamAsync_ThoughtsWhoseEndCouldGoOn_DoNotHoldTheWordsAfterThem()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var (first, words) = (Thought("so it is Blue"), Word("Hello there. "));
        var stream = Encoding.UTF8.GetBytes(first + words);
        var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), [first.Length, stream.Length]);
        Assert.That(streamed.Lengths[..2], Is.EqualTo(new[] { 0, stream.Length }), "held until words come, then all of it leaves");
        Assert.That(streamed.Bytes, Is.EqualTo(stream));
    }

    [Test]
    public async Task StreamAsync_MatchAtTheEndOfThoughts_IsMaskedWhenWordsBegin()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Encoding.UTF8.GetBytes(Thought("it is ann@example.com") + Word("Hello."));
        for (var cut = 0; cut < stream.Length; cut++)
        {
            var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), [cut]);
            Assert.That(streamed.Text, Does.Not.Contain("ann@").And.Contain("Hello."), $"cut at {cut}");
        }
    }

    [Test]
    public async Task StreamAsync_ThoughtsTakenUpAgain_AreJudgedWithTheirEnd()
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        var stream = Encoding.UTF8.GetBytes(Thought("it is Blue") + Word("Hello. ") + Thought("bird") + Word("more"));
        var clean = Encoding.UTF8.GetBytes(Thought("it is Blue") + Word("Hello. ") + Thought("jay, Bluebird") + Word("more"));
        for (var cut = 0; cut < stream.Length; cut++)
        {
            var streamed = await app.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), [cut]);
            Assert.That(streamed.Refusal?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable), $"its beginning has left, cut at {cut}");
            Assert.That(streamed.Text, Does.Not.Contain("\"bird\"").And.Not.Contain("more"));
        }

        var passed = await app.StreamAsync(clean, GuardedStreams.Head("text/event-stream"), [40, 90]);
        Assert.That(passed.Refusal, Is.Null);
        Assert.That(passed.Text, Does.Contain("jay, [NAME]").And.Contain("more"));
    }

    private static string Thought(string text) => "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"" + text + "\"}}]}\n\n";

    private static string Word(string text) => "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";

    private static async Task AssertAsync(GuardedStreams app, byte[] stream, string type, string path, string expected)
    {
        var head = GuardedStreams.Head(type, path);
        var whole = await app.HeldAsync(stream, head);
        Assert.That(Encoding.UTF8.GetString(whole!), Does.Contain(expected).And.Not.Contain("Bluebird"), "held whole");
        for (var cut = 0; cut < stream.Length; cut += 5)
        {
            Assert.That((await app.StreamAsync(stream, head, [cut])).Text, Is.EqualTo(Encoding.UTF8.GetString(whole!)), $"cut at {cut}");
        }
    }
}
