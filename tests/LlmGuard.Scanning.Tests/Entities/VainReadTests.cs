using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>
/// Long rows in which keys seem to begin all the time are read a few times only, which changes neither what stands in and behind them nor what
/// streams find.
/// </summary>
public sealed class VainReadTests
{
    private const string Aws = "AKIAZ7Q2KX5N3WVB4JTD";
    private const string GitHub = "ghp_q8Zk7Kd2Xw5Rb9Tn3Vc6Ym1Jh4Lf0Ps8Gu2E";

    private static readonly ScanPlan Keys = Scans.Entities("stripe_key", "api_key");

    private static readonly ScanPlan AllViews = Scans.Entities(ScanViews.All, "stripe_key", "api_key");

    private static readonly string Row = Repeat("sk-proj-q8Z_7Kd-", 40);

    private static readonly string[] Pieces =
        [Row, Repeat("sk-a1", 70), "sk-proj-", "tvly-", " ", "\u00E9", Aws, GitHub, "-", "-" + Aws + "-", "sk_live_q8Zk7Kd2Xw5Rb9Tn"];

    [Test]
    public void Find_KeyBehindARowReadInVain_IsFound([Values(Aws, GitHub)] string key) =>
        Assert.That(Scans.Find(Keys, $"{Row} {key}"), Is.EqualTo(new[] { key }));

    [Test]
    public void Find_KeyOfKnownLengthWithinARowReadInVain_IsFound() => Assert.That(Scans.Find(Keys, $"{Row}{Aws}-{Row}"), Is.EqualTo(new[] { Aws }));

    [Test]
    public void Find_SureKeyBehindADoubtfulBeginning_IsFound() =>
        Assert.That(Scans.Find(Keys, $"sk-your-example-key-{GitHub} sk-your-example-key-"), Has.Some.EndsWith(GitHub));

    [FsCheck.NUnit.Property(MaxTest = 100, Replay = "(7,31)")]
    public Property Advance_AnyCut_EqualsWhole() =>
        Prop.ForAll(Arb.From(Cuts.Of(Pieces, 8)), static c => Cuts.AssertEqualWhole(Keys, c.Text, c.Cuts));

    [FsCheck.NUnit.Property(MaxTest = 50, Replay = "(7,37)")]
    public Property Advance_AnyCutInAllViews_EqualsWhole() =>
        Prop.ForAll(Arb.From(Cuts.Of(Pieces, 8)), static c => Cuts.AssertEqualWhole(AllViews, c.Text, c.Cuts));

    [Test]
    public void Advance_ManySmallPieces_EqualsWhole()
    {
        var text = Encoding.UTF8.GetBytes(Row + Row + Row + Row + Aws + "-" + Row + " " + GitHub);
        Cuts.AssertEqualWhole(Keys, text, [.. Enumerable.Range(0, text.Length / 97).Select(static i => i * 97)]);
    }

    [Test]
    public void AreTooMany_OfOneDetectorOverOneOffset_AreCounted()
    {
        var reads = new VainReads();
        for (var at = 0; at < VainReads.Most; at++)
        {
            Assert.That(reads.AreTooMany(1, 100), Is.False);
            reads.Add(1, at, 500);
        }

        Assert.Multiple(() =>
        {
            Assert.That(reads.AreTooMany(1, 100), Is.True);
            Assert.That(reads.AreTooMany(1, 500), Is.False, "behind their end");
            Assert.That(reads.AreTooMany(2, 100), Is.False, "of another detector");
        });
        reads.Forget(VainReads.Most - 1);
        Assert.That(reads.AreTooMany(1, 100), Is.False, "the last of them begins in what is looked at again");
        reads.Add(1, VainReads.Most - 1, 500);
        Assert.That(reads.AreTooMany(1, 100), Is.True);
        reads.Forget(500);
        Assert.That(reads.AreTooMany(1, 499), Is.False);
    }

    private static string Repeat(string unit, int count) => string.Concat(Enumerable.Repeat(unit, count));
}
