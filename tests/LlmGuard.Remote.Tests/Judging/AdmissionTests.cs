using LlmGuard.Remote.Judging;

namespace LlmGuard.Remote.Tests.Judging;

public sealed class AdmissionTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(500);

    [TestCase(1, 5000, true)]
    [TestCase(8, 5000, true)]
    [TestCase(40, 5000, true)]
    [TestCase(41, 5000, false)]
    [TestCase(16, 100, true)]
    [TestCase(17, 100, false)]
    [TestCase(8, 1, true)]
    public void Fits_RoundsOfEight_FillHalfOfTheTimeAtMost(int inquiries, int budgetMs, bool expected) =>
        Assert.That(Admission.Fits(inquiries, 8, TimeSpan.FromMilliseconds(budgetMs), Usual), Is.EqualTo(expected));

    [Test]
    public void Reserve_ShortBudget_IsAQuarterOfIt() =>
        Assert.That(Admission.Reserve(TimeSpan.FromMilliseconds(400), Usual), Is.EqualTo(TimeSpan.FromMilliseconds(100)));
}
