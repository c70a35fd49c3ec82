using LlmGuard.Scanning.Entities.Secrets;
using LlmGuard.Scanning.Entities.Secrets.Keys;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Every row of the table of vendors' credentials finds what it describes.</summary>
public sealed class VendorKeyTests
{
    private static readonly KeyFormat[] All = [.. VendorKeys.Stripe, .. VendorKeys.Others];

    private static readonly ScanPlan Secrets = Scans.Entities("stripe_key", "api_key");

    public static IEnumerable<string> Patterns => All.Select(f => f.Pattern);

    [Test]
    public void Find_GeneratedCredential_IsCovered([ValueSource(nameof(Patterns))] string pattern)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var key = Generated.Key(pattern, new Random(seed));
            Assert.That(Scans.Find(Secrets, $"the key {key} leaked"), Has.Some.Contains(key), $"seed {seed}");
        }
    }

    [Test]
    public void Find_PlaceholderOfAFormat_IsLeftAlone(
        [Values("ghp_{36}", "hf_{34}", "glpat-{20}", "AKIA{16}", "npm_{36}", "xoxb-{11}-{24}", "AIza{35}")] string pattern)
    {
        var key = System.Text.RegularExpressions.Regex.Replace(pattern, @"\{(\d+)\}", m =>
            new string('x', int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.That(Scans.Find(Secrets, key), Is.Empty);
    }

    [TestCase("video_box.ico-7a388b69018576d24b59331fd60aab0c.png")]
    [TestCase("/static/favicon.ico-7a388b69018576d24b59331fd60aab0c")]
    public void Find_NameOfAnIcon_IsNoKey(string name) => Assert.That(Scans.Find(Secrets, $"see {name} there"), Is.Empty);

    [Test]
    public void Find_KeyThatBeginsLikeAnIcon_IsFound([Values("", " ", "=", "/", "\"")] string before)
    {
        const string key = "ico-7a388b69018576d24b59331fd60aab0c";
        Assert.That(Scans.Find(Secrets, before + key), Is.EqualTo(new[] { key }));
    }

    [Test]
    public void Vendors_AreAtLeast150() =>
        Assert.That(All.Select(f => f.Vendor).Distinct().Count() + SecretNames.VendorCount, Is.GreaterThanOrEqualTo(150));
}
