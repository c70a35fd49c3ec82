using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Dialect = LlmGuard.Http.Tests.Streams.StreamRuleLawTests.Dialect;

namespace LlmGuard.Http.Tests.Streams;

/// <summary>
/// The laws of streams over entries that rewrite side by side: what they ask for where their spans overlap, lie in or touch one another becomes the same
/// as in the whole answer, wherever it is cut, also in runs longer than a match may be. LLMGUARD_FUZZ is the number of cases of each dialect.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class StreamGroupLawTests
{
    [TestCaseSource(typeof(StreamRuleLawTests), nameof(StreamRuleLawTests.Dialects))]
    public void StreamAsync_GeneratedGroupsTextsAndCuts_ObeyTheLaws(object dialect)
    {
        Prop.ForAll(GeneratedGroup.Cases.ToArbitrary(), c => ObeysAsync((Dialect)dialect, c).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedRules.Count).WithReplay(20_265, 23));
    }

    private static async Task<bool> ObeysAsync(Dialect dialect, GeneratedGroup c)
    {
        await using var app = new GuardedStreams(c.Policy(withBlocks: true));
        await using var others = new GuardedStreams(c.Policy(withBlocks: false));
        var stream = dialect.Stream(c.Pieces);
        var head = GuardedStreams.Head(dialect.Type, dialect.Path);
        var whole = await app.HeldAsync(stream, head);
        foreach (var cuts in c.Ways(stream.Length))
        {
            var streamed = await app.StreamAsync(stream, head, cuts);
            if (whole is null)
            {
                Assert.That(streamed.Refusal, Is.Not.Null);
                var left = dialect.Text(streamed.Bytes);
                if (await others.HeldAsync(stream, head) is { } masked)
                {
                    Assert.That(dialect.Text(masked), Does.StartWith(left));
                }

                Assert.That(await app.HeldAsync(dialect.Stream([left]), head), Is.Not.Null, "nothing of what left is what a rule blocks");
                continue;
            }

            Assert.That(streamed.Refusal?.Code, Is.Null);
            Assert.That(streamed.Text, Is.EqualTo(Encoding.UTF8.GetString(whole)));
            Assert.That(streamed.Lengths.TrueForAll(length => streamed.Bytes.AsSpan(0, length).SequenceEqual(whole.AsSpan(0, length))));
        }

        return true;
    }
}
