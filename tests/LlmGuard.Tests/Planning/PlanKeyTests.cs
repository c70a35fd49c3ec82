using LlmGuard.Planning;

namespace LlmGuard.Tests.Planning;

/// <summary>Calls of other levels never share a plan, also where their keys fall into one bucket.</summary>
public sealed class PlanKeyTests
{
    private static readonly PlanKeyComparer Comparer = new();

    [Test]
    public void Equals_SameLevels_IsTrueOfViewsAndOfKeysThatAreKept()
    {
        var kept = Comparer.Create(View());

        Assert.That(Comparer.Equals(View(), kept));
        Assert.That(Comparer.Equals(Comparer.Create(View()), kept));
        Assert.That(Comparer.GetHashCode(View()), Is.EqualTo(Comparer.GetHashCode(kept)));
    }

    [TestCase(2, 1, 1, GuardrailSeam.Code, false, 1, 2)]
    [TestCase(1, 2, 1, GuardrailSeam.Code, false, 1, 2)]
    [TestCase(1, 1, 2, GuardrailSeam.Code, false, 1, 2)]
    [TestCase(1, 1, 1, GuardrailSeam.Outgoing, false, 1, 2)]
    [TestCase(1, 1, 1, GuardrailSeam.Code, true, 1, 2)]
    [TestCase(1, 1, 1, GuardrailSeam.Code, false, 2, 1)]
    [TestCase(1, 1, 1, GuardrailSeam.Code, false, 1)]
    public void Equals_OneLevelDiffers_IsFalse(int rule, int service, int consumer, GuardrailSeam seam, bool lockedOnly, params int[] groups)
    {
        var other = Comparer.Create(new PlanKeyView(rule, service, consumer, groups, seam, lockedOnly));

        Assert.That(Comparer.Equals(View(), other), Is.False);
        Assert.That(Comparer.Equals(Comparer.Create(View()), other), Is.False);
    }

    private static PlanKeyView View() => new(1, 1, 1, new[] { 1, 2 }, GuardrailSeam.Code, false);
}
