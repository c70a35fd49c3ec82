namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Words of other scripts before a number or password that is disguised: a view makes Latin letters of theirs, too.</summary>
public sealed class DisguisedLabelTests
{
    private static readonly ScanPlan Plan = Scans.Entities(ScanViews.All, "phone_number", "password");

    [TestCase("\u043C\u043E\u0431\u0456\u043B\u044C\u043D\u0438\u0439 ", "49591467")]
    [TestCase("\u0422\u0435\u043B\u0435\u0444\u043E\u043D: ", "49591467")]
    [TestCase("\u041F\u0430\u0440\u043E\u043B\u044C: ", "M0nk3y!33")]
    [TestCase("\u03C4\u03B7\u03BB: ", "49591467")]
    public void Find_ValueInFullWidth_IsFoundBehindItsLabel(string label, string value)
    {
        var disguised = string.Concat(value.Select(static c => (char)(c + 0xFEE0)));
        Assert.Multiple(() =>
        {
            Assert.That(Scans.Find(Plan, label + value), Is.EqualTo(new[] { value }), "plain");
            Assert.That(Scans.Find(Plan, label + disguised), Is.EqualTo(new[] { disguised }), "disguised");
        });
    }
}
