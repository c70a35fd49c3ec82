using LlmGuard.Http.Tests.Streams;
using LlmGuard.Http.Tests.Streams.Endings;

namespace LlmGuard.Http.Tests.Masking;

/// <summary>Every action gives on a stream what it gives on the whole answer, wherever the stream is cut.</summary>
public sealed class StreamedActionTests
{
    private const string Text = "mail joe@example.com, card 4111 1111 1111 1111, thanks";

    [Test]
    public async Task Stream_AnyCut_IsAsTheWholeAnswer([Values("mask", "hash", "partial", "flag")] string action)
    {
        await using var guarded = new GuardedStreams(Entry(action));
        var stream = SampleStreams.Chat("mail jo", "e@exam", "ple.com, car", "d 4111 1111 11", "11 1111", ", thanks");
        var head = GuardedStreams.Head("text/event-stream");
        var held = StreamEndingTests.ChatText(StreamEndingTests.Data(System.Text.Encoding.UTF8.GetString((await guarded.HeldAsync(stream, head))!)));
        Assert.That(held, action == "flag" ? Is.EqualTo(Text) : Does.Not.Contain("joe").And.Not.Contain("4111"));
        for (var cut = 0; cut < stream.Length; cut += 37)
        {
            var streamed = await guarded.StreamAsync(stream, head, [cut]);
            Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(streamed.Text)), Is.EqualTo(held), $"cut at {cut}");
            Assert.That(streamed.Decision.Action, Is.EqualTo(action == "flag" ? GuardrailAction.Flag : GuardrailAction.Modify));
            Assert.That(streamed.Decision.Results[0].Findings.Select(f => f.Type), Is.EqualTo(new[] { "email", "credit_card" }));
        }
    }

    [Test]
    public async Task Stream_Block_LetsOutWhatStandsBeforeAndEndsInTheDialect()
    {
        await using var guarded = new GuardedStreams(Entry("block"));
        var stream = SampleStreams.Chat("mail jo", "e@exam", "ple.com, thanks");
        var head = GuardedStreams.Head("text/event-stream");
        Assert.That(await guarded.HeldAsync(stream, head), Is.Null);
        for (var cut = 0; cut < stream.Length; cut += 37)
        {
            var streamed = await guarded.StreamAsync(stream, head, [cut]);
            Assert.That(streamed.Refusal, Is.Not.Null);
            Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(streamed.Text)), Is.EqualTo("mail ").Or.EqualTo("mail").Or.Empty);
            Assert.That(streamed.Text, Does.Not.Contain("joe").And.Contain("content_filter"));
        }
    }

    [Test]
    public async Task Stream_ValueBeyondTheCap_BlocksRatherThanHashesAPart()
    {
        await using var guarded = new GuardedStreams("""{ "name": "data_masking", "stage": "pre_response", "settings": { "rules": [{ "type": "regex", "pattern": "x+", "mask_with": "[X]", "action": "hash" }] } }""");
        var stream = SampleStreams.Chat("a ", new string('x', 3000), new string('x', 3000), " b");
        var streamed = await guarded.StreamAsync(stream, GuardedStreams.Head("text/event-stream"), [100, 3000]);
        Assert.That(streamed.Refusal, Is.Not.Null);
        Assert.That(streamed.Text, Does.Not.Contain("xx").And.Not.Contain("_HASH_"));
    }

    private static string Entry(string action) =>
        $$"""{ "name": "data_masking", "stage": "pre_response", "settings": { "hash_key": "0123456789abcdef", "predefined_entities": [{ "entity": "email", "action": "{{action}}" }, { "entity": "credit_card", "action": "{{action}}" }] } }""";
}
