using LlmGuard.Judges.Tests.Matrix;

namespace LlmGuard.Judges.Tests.Endurance;

/// <summary>Long conversations: judged whole, and padding hides nothing.</summary>
public sealed class LongInputTests
{
    private const int Size = 100 * 1024;

    public static IEnumerable<string> Judges => AllJudges.Descriptors.Select(j => j.Plugin);

    [TestCaseSource(nameof(Judges))]
    public async Task Conversation_Of100Kilobytes_PassesWhenCleanAndIsBlockedForItsEnd(string plugin)
    {
        await using var judged = await Judged.StartAsync(plugin);
        var builder = new GuardrailContentBuilder();
        for (var turn = 0; builder.Count * 512 < Size; turn++)
        {
            builder.AddText($"Turn {turn}. " + Padding(500),
                new SegmentInfo { Role = turn % 2 == 0 ? SegmentRole.User : SegmentRole.Assistant, Kind = SegmentKind.Message });
        }

        var clean = await judged.Application.JudgeAsync(builder.Build());
        builder.AddText(judged.Judge.Flagged, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        var harmful = await judged.Application.JudgeAsync(builder.Build());

        Assert.That(clean.Results.Single().Failure, Is.Null);
        Assert.That(clean.Action, Is.EqualTo(GuardrailAction.Allow));
        Assert.That(harmful.Refusal?.IsPolicyBlock, Is.True);
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Message_PaddedTo100Kilobytes_IsBlockedForItsEndAndItsMiddle(
        [ValueSource(nameof(Judges))] string plugin,
        [Values("", "😀", "中文 ")] string odd)
    {
        await using var judged = await Judged.StartAsync(plugin);
        var padding = string.Concat(Enumerable.Repeat(odd + Padding(61), Size / (61 + System.Text.Encoding.UTF8.GetByteCount(odd))));

        var end = await judged.Application.JudgeAsync(padding + " " + judged.Judge.Flagged);
        var middle = await judged.Application.JudgeAsync(Half(padding) + " " + judged.Judge.Flagged + " " + Padding(Size / 2));

        Assert.That(end.Refusal?.IsPolicyBlock, Is.True);
        Assert.That(middle.Refusal?.IsPolicyBlock, Is.True);
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    private static string Half(string text) => text[..(char.IsLowSurrogate(text[text.Length / 2]) ? (text.Length / 2) - 1 : text.Length / 2)];

    private static string Padding(int length) => string.Concat(Enumerable.Repeat("lorem ipsum ", (length / 12) + 1))[..length];

    private sealed class Judged : IAsyncDisposable
    {
        private Judged(JudgeDescriptor judge, FakeClouds.Hosting.FakeCloud fake) =>
            (Judge, Fake, Application) = (judge, fake, new JudgedApplication(judge, fake.Address));

        public JudgeDescriptor Judge { get; }

        public FakeClouds.Hosting.FakeCloud Fake { get; }

        public JudgedApplication Application { get; }

        public static async Task<Judged> StartAsync(string plugin)
        {
            var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
            var fake = judge.Fake();
            await fake.StartAsync();
            return new Judged(judge, fake);
        }

        public async ValueTask DisposeAsync()
        {
            await Application.DisposeAsync();
            await Fake.DisposeAsync();
        }
    }
}
