using System.Text;
using Dialect = LlmGuard.Http.Tests.Streams.Laws.StreamRuleLawTests.Dialect;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// The laws of streams: whatever left after any piece is a prefix of what the answer becomes when it is judged whole, and in the end it is that;
/// where an entry blocks, the text that left is a prefix of what the masks make of it, and nothing of it is blocked by itself.
/// </summary>
internal static class StreamLaws
{
    /// <summary>Asserts them for every way of cutting an answer.</summary>
    /// <param name="dialect">The answer's dialect.</param>
    /// <param name="pieces">Its text, event by event.</param>
    /// <param name="ways">Where it is cut.</param>
    /// <param name="policy">The entries.</param>
    /// <param name="masks">The same without what blocks.</param>
    public static async Task<bool> ObeyAsync(Dialect dialect, string[] pieces, Func<int, int[][]> ways, string policy, string masks)
    {
        await using var app = new GuardedStreams(policy);
        await using var others = new GuardedStreams(masks);
        var stream = dialect.Stream(pieces);
        var head = GuardedStreams.Head(dialect.Type, dialect.Path);
        var whole = await app.HeldAsync(stream, head);
        var masked = whole is null ? await others.HeldAsync(stream, head) : null;
        foreach (var cuts in ways(stream.Length))
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            if (whole is not null)
            {
                Assert.That(streamed.Refusal?.Code, Is.Null);
                Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole)));
                Assert.That(streamed.Lengths.TrueForAll(length => streamed.Bytes.AsSpan(0, length).SequenceEqual(whole.AsSpan(0, length))));
                continue;
            }

            Assert.That(streamed.Refusal, Is.Not.Null);
            var left = dialect.Text(streamed.Bytes);
            Assert.That(masked is null ? left : dialect.Text(masked), Does.StartWith(left));
            Assert.That(await app.HeldAsync(dialect.Stream([left]), head), Is.Not.Null, "nothing of what left is what a rule blocks");
        }

        return true;
    }
}
