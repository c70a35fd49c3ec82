using System.Text;
using LlmGuard.Http.Tests.Streams.Laws;

namespace LlmGuard.Http.Tests.Streams.Memory;

/// <summary>
/// Events that wait stay where they arrived, and with them the bytes between; what comes without end meanwhile takes no more memory.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class QueueMemoryTests
{
    private const int Chunk = 16 * 1024;

    [TestCase(1)]
    [TestCase(5)]
    public async Task Feed_CommentsWithoutEndWhileTextWaits_TakeNoMoreMemory(int waiting)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream"));
        var left = new StringBuilder();
        string[] parts = [.. "4111 1111 11".Chunk(12 / waiting).Select(static p => new string(p))];
        foreach (var text in (string[])["one ", "two ", "three ", "card ", .. parts])
        {
            await FeedAsync(guard, Event(text), left);
        }

        var ping = ": " + new string('p', Chunk - 3) + "\n";
        for (var n = 0; n < 100; n++)
        {
            await FeedAsync(guard, ping, left);
            Assert.That(guard.Room, Is.LessThanOrEqualTo(16 * Chunk), $"after {n} comments");
        }

        await FeedAsync(guard, Event("11 1111") + Event(" and on. ") + Event("end "), left);
        await guard.EndAsync();
        Take(guard, left);
        var answer = left.ToString().Replace(ping, "", StringComparison.Ordinal);
        Assert.That(guard.Refusal, Is.Null);
        Assert.That(answer, Does.Contain("three ").And.Contain("and on").And.Contain("end ").And.Not.Contain("4111").And.Not.Contain("1111"));
        Assert.That(left, Has.Length.EqualTo(answer.Length + (100 * ping.Length)), "every comment has left");
    }

    [Test]
    public async Task ReadOn_RestOfAnAnswerThatWasCutWhileEventsWaited_TakesNoMoreMemory()
    {
        await using var app = new GuardedStreams("""{ "name": "stop_word" }""", null, "", new StopWordPlugin());
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream"));
        var left = new StringBuilder();
        foreach (var text in (string[])["one ", "two ", "three ", "the for", "bid"])
        {
            await FeedAsync(guard, Event(text), left);
        }

        Assert.That(guard.Waiting, Is.GreaterThan(0), "the word has only begun");
        await FeedAsync(guard, Event("den word ") + Event("more "), left);
        Assert.That(guard.Refusal, Is.Not.Null);
        var rest =
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Event("what nobody sees "), 1 + (Chunk / Event("what nobody sees ").Length))));
        for (var n = 0; n < 64; n++)
        {
            guard.ReadOn(rest);
            Assert.That(guard.Room, Is.LessThanOrEqualTo(16 * Chunk), $"after {n} reads");
        }

        Assert.That(guard.HasReadOn, Is.False);
        guard.ReadOn("data: [DONE]\n\n"u8);
        Assert.That(guard.HasReadOn);
    }

    private static async Task FeedAsync(LlmGuard.Http.Wire.Streams.Live.StreamGuard guard, string text, StringBuilder left)
    {
        await guard.FeedAsync(Encoding.UTF8.GetBytes(text));
        Take(guard, left);
    }

    private static void Take(LlmGuard.Http.Wire.Streams.Live.StreamGuard guard, StringBuilder left)
    {
        var chunk = new byte[4096];
        while (guard.Output.Take(chunk) is > 0 and var count)
        {
            left.Append(Encoding.UTF8.GetString(chunk, 0, count));
        }
    }

    private static string Event(string text) =>
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
            + text + "\"},\"finish_reason\":null}]}\n\n";
}
