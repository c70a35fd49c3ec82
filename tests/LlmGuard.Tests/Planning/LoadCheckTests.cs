using LlmGuard.Planning;
using static LlmGuard.Tests.Planning.PolicySamples;

namespace LlmGuard.Tests.Planning;

/// <summary>What a load refuses and what it warns about.</summary>
public class LoadCheckTests
{
    [Test]
    public void Build_EverythingWrong_ListsEveryProblem()
    {
        var document = Document(Gateway(Entry("a", "twice"), Entry("b", "twice"), Entry("c") with { Evaluator = null })) with
        {
            Services = [Service("s"), Service("s")],
            Rules = [Rule("/a"), Rule("/A/"), Rule("no-slash"), Rule("/b") with { ServiceId = "missing" }],
            Consumers = [Consumer("c") with { Groups = ["missing"] }],
        };

        var problems = Problems(document);

        Assert.That(problems.Select(p => p.Path),
            Is.EquivalentTo(new[] { "$.b.twice", "$.c.", "$.services.s", "$.rules./A/", "$.rules.no-slash", "$.rules./b", "$.consumers.c" }));
        Assert.That(problems.Single(p => p.Path == "$.rules./A/").Message, Does.Contain("$.rules./a"));
    }

    [Test]
    public void Build_TieWithInactiveRule_IsNoProblem() =>
        Assert.That(Problems(Document() with { Rules = [Rule("/a"), Rule("/a") with { Active = false }] }), Is.Empty);

    [Test]
    public void Build_ReachThrows_IsProblem()
    {
        var entry =
            Entry("a") with { Evaluator = new BrokenSpans(), Metadata = new GuardrailPluginMetadata("a") { Streaming = GuardrailStreaming.Span } };

        Assert.That(Problems(Document(Gateway(entry))).Single().Message, Does.Contain("reach").And.Not.Contain("secret"));
    }

    [Test]
    public void Warnings_WeakenedEntry_NamesEveryWeakness()
    {
        var entry = Entry("a", "pii") with { Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse] };
        var weak = Entry("a", "pii") with
        {
            Mode = EntryMode.Monitor,
            OnError = FailurePolicy.Allow,
            Filter = new EntryFilter { Roles = ["user"], Kinds = ["message"], Sources = [SegmentSource.Headers] },
            Seams = [GuardrailSeam.Incoming],
            Timeout = TimeSpan.FromMilliseconds(10),
            Settings = "{\"secret\":\"hunter2\"}",
        };
        var table = Build(Document(Gateway(entry)) with { Consumers = [Consumer("c", weak)] });

        var warning = table.Warnings.Single();

        Assert.That(warning, Does.Contain(
            "weakening it: other settings, mode enforce -> monitor, on_error block -> allow, timeout_ms 5000 -> 10, roles narrowed, kinds narrowed, sources narrowed, seams narrowed, no longer at pre_response"));
        Assert.That(warning, Does.Not.Contain("hunter2"));
    }

    [Test]
    public void Warnings_ReplacedByTheSame_SaysOnlyReplaced()
    {
        var table = Build(Document(Gateway(Entry("a", "pii"))) with { Consumers = [Consumer("c", Entry("a", "pii"))] });

        Assert.That(table.Warnings.Single(), Does.Contain("replaces 'pii'").And.Not.Contain("weaken"));
    }

    [Test]
    public void Warnings_SpecificRuleDropsEntryOfWiderRule_NamesIt()
    {
        var table = Build(Document() with
        {
            Rules =
            [
                Rule("/v1/*", Entry("a", "x"), Entry("b"), Entry("c", "z")),
                Rule("/v1/chat", Entry("b"), Entry("c", "z") with { Settings = "2" }),
            ],
        });

        Assert.That(table.Warnings.Single(), Does.Contain("'/v1/chat'").And.Contain("'/v1/*'").And.Contain("drops its entry 'x'"));
    }

    [TestCase("GET", "GET", 1)]
    [TestCase("GET", "POST", 0)]
    [TestCase("GET", "GET,POST", 0)]
    [TestCase("GET,POST", "POST", 1)]
    public void Warnings_RuleShadowedByEqualMatch_SaysItNeverMatches(string methods, string otherMethods, int expected)
    {
        var table = Build(Document() with
        {
            Rules = [Rule("/v1/{x}") with { Methods = [.. methods.Split(',')] }, Rule("/v1/gpt-*") with { Methods = [.. otherMethods.Split(',')] }],
        });

        Assert.That(table.Warnings, Has.Exactly(expected).Contains("never matches"));
    }

    [TestCase("POST", 0)]
    [TestCase("QUERY", 0)]
    [TestCase("PSOT", 1)]
    public void Warnings_MethodOfARule_NamesWhatHttpDoesNotKnow(string method, int expected)
    {
        var table = Build(Document() with { Rules = [Rule("/v1/{x}") with { Methods = [method] }] });

        Assert.That(table.Warnings, Has.Exactly(expected).Contains($"the method '{method}'"));
    }

    [Test]
    public void Warnings_ByTheThousand_AreCut()
    {
        var table = Build(Document() with
        {
            Rules = [Rule("/*", Entry("a")), .. Enumerable.Range(0, 2000).Select(i => Rule($"/r{i}"))],
        });

        Assert.That(table.Warnings, Has.Count.EqualTo(501));
    }

    private sealed class BrokenSpans : ISpanEvaluator
    {
        public SpanReach Reach => throw new InvalidOperationException("secret");

        public ISpanScanner? CreateScanner(SegmentRole role, SegmentKind kind) => null;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }
}
