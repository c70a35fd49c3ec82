using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Tests.Streams.Endings;
using Dialect = LlmGuard.Http.Tests.Streams.Laws.StreamRuleLawTests.Dialect;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// The laws of streams over entries that rewrite side by side: what they ask for where their spans overlap, lie in or touch one another becomes the
/// same as in the whole answer, wherever it is cut, also in runs longer than a match may be.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class StreamGroupLawTests
{
    [TestCaseSource(typeof(StreamRuleLawTests), nameof(StreamRuleLawTests.Dialects))]
    public void StreamAsync_GeneratedGroupsTextsAndCuts_ObeyTheLaws(object dialect)
    {
        Prop.ForAll(GeneratedGroup.Cases.ToArbitrary(),
            c => StreamLaws.ObeyAsync((Dialect)dialect, c.Pieces, c.Ways, c.Policy(withBlocks: true), c.Policy(withBlocks: false)).GetAwaiter()
            .GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedRules.Count).WithReplay(20_265, 23));
    }

    [TestCase("a+", "[ab]{2,}", "[0]")]
    [TestCase("[ab]{2,}", "a+", "[0]")]
    public async Task StreamAsync_UnionLongerThanMayBeHeld_IsMaskedAndSwallowed(string first, string second, string mask)
    {
        await using var app = new GuardedStreams(Mask(0, first) + "," + Mask(1, second));
        var head = GuardedStreams.Head("text/event-stream");
        var stream = SampleStreams.Chat([.. Enumerable.Repeat("see b", 1), .. Enumerable.Repeat(new string('a', 700), 400), "b c, c"]);
        var whole = await app.HeldAsync(stream, head);
        var cuts = Enumerable.Range(1, stream.Length / 500).Select(static n => n * 500).ToArray();
        var streamed = await app.StreamAsync(stream, head, cuts);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(streamed.Refusal?.Reason, Is.Null);
            Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole!)));
            Assert.That(StreamEndingTests.ChatText(StreamEndingTests.Data(streamed.Text)), Is.EqualTo($"see {mask} c, c"));
        }

        // An event of 700 characters is about 900 bytes, and becomes about 200.
        await using var call = app.Begin();
        using var guard = await app.OpenAsync(call, head);
        var most = 0L;
        for (var start = 0; start < stream.Length; start += 500)
        {
            await guard.FeedAsync(stream.AsMemory(start, Math.Min(500, stream.Length - start)));
            guard.Output.Take(guard.Output.Count);
            most = Math.Max(most, guard.Waiting);
        }

        Assert.That(most, Is.LessThan(2 * 8 * 1024 + 2000), "what waits does not grow with the union");
    }

    private static string Mask(int number, string pattern) => $$"""
        { "name": "data_masking", "id": "m{{number}}", "stage": "pre_response", "parallel": true, "settings": {
            "rules": [ { "type": "regex", "pattern": "{{pattern}}", "mask_with": "[{{number}}]" } ] } }
        """;
}
