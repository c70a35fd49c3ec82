using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Entities.NationalIds;
using LlmGuard.Scanning.Entities.Numbers;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>A valid number is found wherever word boundaries allow, one with a wrong digit is not.</summary>
public sealed class NumberLawTests
{
    // What these check is a date or a letter that many values share: a wrong digit shows less often.
    private static readonly string[] WithoutCheckDigit =
    [
        "Denmark CPR", "Egypt national id", "India PAN", "Indonesia NIK", "Korea resident number since 2020", "Malaysia identity card",
            "United Kingdom national insurance", "United States ITIN",
    ];

    public static IEnumerable<string> FoundAlone => NationalIdFormats.All.Where(f => f.IsChecked && !f.NeedsWord).Select(f => f.Name);

    public static IEnumerable<string> WithCheckDigit => NationalIdFormats.All.Where(f => f.IsChecked).Select(f => f.Name).Except(WithoutCheckDigit);

    [Test]
    public void TryMatch_ValidNumber_IsFoundBetweenAnyBoundaries([ValueSource(nameof(FoundAlone))] string name)
    {
        var format = NationalIdFormats.All.First(f => f.Name == name);
        var plan = new ScanPlan([new ScanRule.Entity(new ConfidentDetector(new NumberDetector(format), 0))]);
        foreach (var layout in format.Layouts)
        {
            var value = Generated.Number(layout, format, new Random(layout.Length));
            Assert.That(value, Is.Not.Null, "no number satisfies " + layout);
            foreach (var text in new[] { value!, $"is {value}.", $"(\u00E9{value}\u00E9)", $"\"{value}\",", $"id:{value}\n" })
            {
                Assert.That(Scans.Find(plan, text), Is.EqualTo(new[] { value }), layout);
            }

            foreach (var text in new[] { "7" + value, value + "7", "x" + value, value + "x", "_" + value })
            {
                Assert.That(Scans.Find(plan, text), Does.Not.Contain(value), layout);
            }
        }
    }

    [Test]
    public void Passes_OneWrongDigit_IsSeen([ValueSource(nameof(WithCheckDigit))] string name)
    {
        var format = NationalIdFormats.All.First(f => f.Name == name);
        var layout = format.Layouts.First();
        var (passed, tried) = (0, 0);
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var value = Generated.Number(layout, format, random)!;
            for (var at = 0; at < value.Length; at++)
            {
                if (char.IsAsciiDigit(value[at]))
                {
                    var wrong = (char)('0' + ((value[at] - '0' + 1 + random.Next(9)) % 10));
                    tried++;
                    passed += Generated.IsRight(format, value[..at] + wrong + value[(at + 1)..]) ? 1 : 0;
                }
            }
        }

        Assert.That((double)passed / tried, Is.LessThanOrEqualTo(0.12), $"{passed} of {tried} wrong digits pass");
    }

    [TestCase("Poland PESEL", "44051401359")]
    [TestCase("Germany tax id", "86095742719")]
    [TestCase("Netherlands BSN", "111222333")]
    [TestCase("Switzerland AHV", "7569217076985")]
    [TestCase("Croatia OIB", "33392005961")]
    [TestCase("Finland HETU", "131052-308T")]
    [TestCase("India Aadhaar", "234123412346")]
    [TestCase("Italy VAT", "00743110157")]
    [TestCase("Singapore NRIC", "S1234567D")]
    [TestCase("South Africa id", "8001015009087")]
    [TestCase("Sweden personal number", "811228-9874")]
    [TestCase("Türkiye identity number", "10000000146")]
    [TestCase("United Kingdom NHS number", "9434765919")]
    [TestCase("China resident identity", "11010519491231002X")]
    [TestCase("Hong Kong identity card", "A123456(3)")]
    [TestCase("Taiwan identity card", "A123456789")]
    [TestCase("Norway birth number", "01010750160")]
    [TestCase("Latvia personal code", "161175-19997")]
    [TestCase("Australia ABN", "51824753556")]
    public void Passes_NumbersThatArePublished_AreRight(string name, string value) =>
        Assert.That(Generated.IsRight(NationalIdFormats.All.First(f => f.Name == name), value), Is.True);

    [Test]
    public void Formats_CoverThirtyCountriesWithChecks() =>
        Assert.That(NationalIdFormats.All.Where(f => f.IsChecked).Select(f => f.Name.Split(' ')[0]).Distinct().Count(), Is.GreaterThanOrEqualTo(45));
}
