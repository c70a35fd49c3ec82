using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>
/// Where assignments stand in the value of an assignment, each value would be read and judged to the end of the row. A few are; what stands in or
/// behind the row is found all the same where it ends soon.
/// </summary>
public sealed class VainAssignmentTests
{
    private const string Secret = "q8Zk7Kd2Xw5Rb9Tn3Vc6";

    private static readonly ScanPlan Plan = Scans.Entities("password", "access_token", "api_key");

    private static readonly ScanPlan AllViews = Scans.Entities(ScanViews.All, "password", "access_token", "api_key");

    // All that may be a secret, however doubtful.
    private static readonly ScanPlan Doubtful =
        new([.. new[] { "password", "access_token", "api_key" }.Select(id => new ScanRule.Entity(EntityCatalog.Find(id, 0)!))]);

    private static readonly string Row = Repeat("api_key=a1", 60);

    private static readonly string[] Pieces =
        [Row, Repeat("password=", 40), Repeat("x=", 200), "token=a1", "api_key=", "password=", Secret, " ", "\"", "'", "&", "\u00E9", "api_key=\""
            + Row + Secret];

    [TestCase("password=")]
    [TestCase("token=a1")]
    [TestCase("key=a1")]
    [TestCase("x=")]
    [TestCase("x:=")]
    [TestCase("password='")]
    [TestCase("x=\"'a ")]
    public void Scan_AssignmentsInOneRow_CostsFewStepsPerByte(string unit)
    {
        var text = Encoding.UTF8.GetBytes(Repeat(unit, 32_768 / unit.Length));
        foreach (var plan in new[] { Plan, Doubtful })
        {
            var session = plan.NewSession();
            session.Scan(text, []);
            Assert.That((double)session.Matchers.Sum(m => m.Steps) / text.Length, Is.LessThanOrEqualTo(128));
        }
    }

    [TestCase("password=")]
    [TestCase("token=a1")]
    [TestCase("api_key=a1")]
    [TestCase("x=")]
    public void Find_SecretBehindARowReadInVain_IsFound(string unit) =>
        Assert.That(Scans.Find(Plan, $"{Repeat(unit, 300)} and then api_key={Secret} follows"), Has.Some.EndsWith(Secret));

    [Test]
    public void Find_SecretThatEndsTheRow_IsFound() => Assert.That(Scans.Find(Plan, $"{Row}&api_key={Secret} {Row}"), Has.Some.EndsWith(Secret));

    [FsCheck.NUnit.Property(MaxTest = 100, Replay = "(7,41)")]
    public Property Advance_AnyCut_EqualsWhole() =>
        Prop.ForAll(Arb.From(Cuts.Of(Pieces, 8)), static c => Cuts.AssertEqualWhole(Plan, c.Text, c.Cuts));

    [FsCheck.NUnit.Property(MaxTest = 50, Replay = "(7,43)")]
    public Property Advance_AnyCutInAllViews_EqualsWhole() =>
        Prop.ForAll(Arb.From(Cuts.Of(Pieces, 8)), static c => Cuts.AssertEqualWhole(AllViews, c.Text, c.Cuts));

    [FsCheck.NUnit.Property(MaxTest = 50, Replay = "(7,47)")]
    public Property Advance_AnyCutOfWhatIsDoubtful_EqualsWhole() =>
        Prop.ForAll(Arb.From(Cuts.Of(Pieces, 8)), static c => Cuts.AssertEqualWhole(Doubtful, c.Text, c.Cuts));

    private static string Repeat(string unit, int count) => string.Concat(Enumerable.Repeat(unit, count));
}
