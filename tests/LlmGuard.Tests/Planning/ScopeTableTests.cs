using System.Globalization;
using LlmGuard.Planning;
using LlmGuard.Tests.Allocation;
using static LlmGuard.Tests.Planning.PolicySamples;

namespace LlmGuard.Tests.Planning;

public class ScopeTableTests
{
    [Test]
    public void Resolve_SameScope_IsSamePlan()
    {
        var table = Build(Document(Gateway(Entry("a"))) with { ConsumerGroups = [Group("g"), Group("h")], Rules = [Rule("/a/*")] });

        Assert.That(table.Plan("/a/1", caller: new GuardrailCaller("x", "g", "h")),
            Is.SameAs(table.Plan("/A/2", caller: new GuardrailCaller("y", "g", "unknown", "h"))));
        Assert.That(table.Plan("/a/1", caller: new GuardrailCaller(null, "g", "h")),
            Is.Not.SameAs(table.Plan("/a/1", caller: new GuardrailCaller(null, "h", "g"))));
        Assert.That(table.Plan("/a/1", seam: GuardrailSeam.Chat), Is.Not.SameAs(table.Plan("/a/1")));
    }

    [Test]
    public void Resolve_MoreCombinationsThanRoom_StillRightAndBounded()
    {
        var names = Enumerable.Range(0, 100).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        var table = Build(Document() with { ConsumerGroups = [.. names.Select(n => Group(n, Entry("a", n) with { Settings = n }))] });
        for (var i = 0; i < 6000; i++)
        {
            string[] groups = [names[i % 100], names[(i / 100) % 100], names[99 - (i % 50)]];
            var expected = groups.Distinct();

            Assert.That(table.Plan(caller: new GuardrailCaller(null, groups)).Ids(), Is.EqualTo(expected));
        }

        Assert.That(table.CachedPlans, Is.EqualTo(4096));
    }

    [Test]
    public void Resolve_DefaultQuery_IsGatewayPlan() => Assert.That(Build(Document(Gateway(Entry("a")))).Resolve(default).Plan!.Ids(), Has.One.Items);

    [Test]
    public void Resolve_PlainPathAndCachedPlan_AllocatesNothing()
    {
        var table = Build(Document(Gateway(Entry("a"))) with
        {
            Services = [Service("s")],
            Rules = [Rule("/v1/chat/completions"), Rule("/v1/models/{id}") with { Methods = ["GET", "POST"] }, Rule("/v1/*:generate"),
                Rule("/v1/x/*")],
            ConsumerGroups = [Group("g"), Group("h")],
            Consumers = [Consumer("alice") with { Groups = ["h"] }],
        });
        ScopeQuery[] queries =
        [
            Query("/v1/chat/completions", service: "s", caller: new GuardrailCaller("alice", "g", "other")),
            Query("/v1/models/gpt-4"),
            Query("/v1/gemini:generate"),
            Query("/v1/x/a/b/c", caller: new GuardrailCaller(null, "g", "h")),
            Query("/nothing/here"),
        ];
        Assert.That(LeastAllocated.By(() => Run(200)), Is.Zero);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                foreach (ref readonly var query in queries.AsSpan())
                {
                    if (table.Resolve(query).Plan is null)
                    {
                        throw new InvalidOperationException();
                    }
                }
            }
        }
    }

    [Test]
    public void Build_HundredThousandRules_FindsEach()
    {
        const int count = 100_000;
        var table = Build(Document() with
        {
            Rules = [.. Enumerable.Range(0, count)
                .Select(i => (i % 3) switch { 0 => Rule($"/t{i}/chat"), 1 => Rule($"/t{i}/{{id}}/chat"), _ => Rule($"/t-{i}-*/x") })],
        });

        foreach (var i in new[] { 0, 1, 2, 50_000, 50_001, 50_002, count - 1 })
        {
            var path = (i % 3) switch { 0 => $"/t{i}/chat", 1 => $"/t{i}/7/chat", _ => $"/t-{i}-z/x" };
            Assert.That(table.Plan(path).Scope.Rule,
                Is.EqualTo(Rule((i % 3) switch { 0 => $"/t{i}/chat", 1 => $"/t{i}/{{id}}/chat", _ => $"/t-{i}-*/x" }).Pattern));
        }
    }

    [Test]
    public void Resolve_FromManyThreads_GivesOnePlanPerScope()
    {
        var table = Build(Document(Gateway(Entry("a"))) with { Rules = [.. Enumerable.Range(0,
            50).Select(i => Rule($"/r{i}/*", Entry("b") with { Settings = $"{i}" }))] });

        Parallel.For(0, 5000, i =>
        {
            var plan = table.Plan($"/r{i % 50}/x");
            Assert.That(plan.Ids(), Is.EqualTo(new[] { "gateway/Gateway/a", $"rule//r{i % 50}/*/b" }));
        });
        Assert.That(table.CachedPlans, Is.EqualTo(50));
    }
}
