using LlmGuard.Execution;

namespace LlmGuard.Tests.Execution;

public sealed class DecisionListTests
{
    [Test]
    public void All_NoneOneAndSeveral_AreInTheirOrder()
    {
        var list = default(DecisionList);
        var (first, second, third) = (Decision(), Decision(), Decision());
        Assert.That(list.All, Is.Empty);
        list.Add(first);
        var one = list.All;
        list.Add(second);
        var two = list.All;
        list.Add(third);

        Assert.Multiple(() =>
        {
            Assert.That(one, Is.EqualTo(new[] { first }), "what was shown does not change");
            Assert.That(two, Is.EqualTo(new[] { first, second }));
            Assert.That(list.All, Is.EqualTo(new[] { first, second, third }));
        });
    }

    [Test]
    public void Add_TwoThreadsWhileAThirdLooks_LosesNone()
    {
        for (var round = 0; round < 2000; round++)
        {
            var held = new Holder();
            var (first, second) = (Decision(), Decision());
            Parallel.Invoke(() => held.List.Add(first), () => _ = held.List.All.Count, () => held.List.Add(second));
            Assert.That(held.List.All, Is.EquivalentTo(new[] { first, second }));
        }
    }

    private static GuardrailDecision Decision() => new()
    {
        Id = "0",
        Revision = "r",
        Scope = new GuardrailScope { Gateway = "Gateway" },
        Stage = GuardrailStage.PreRequest,
        Action = GuardrailAction.Allow,
        Content = GuardrailContent.Empty,
    };

    private sealed class Holder
    {
        public DecisionList List;
    }
}
