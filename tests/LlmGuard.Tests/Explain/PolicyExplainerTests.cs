using LlmGuard.Explain;
using LlmGuard.Planning;
using LlmGuard.Policy;
using static LlmGuard.Tests.Planning.PolicySamples;

namespace LlmGuard.Tests.Explain;

public class PolicyExplainerTests
{
    private const string Marker = "hunter2";

    [Test]
    public void Explain_Plan_TellsEntriesInOrderAndWhereFrom()
    {
        var explanation = Explain(
            Document(Gateway(Entry("a", "pii") with { Path = "$.gateway.required_plugins[0]", Locked = true })) with
            {
                Rules = [Rule("/v1/*", Entry("b", priority: 1) with { Timeout = TimeSpan.FromSeconds(2), OnError = FailurePolicy.Allow,
                    Filter = new EntryFilter { Roles = ["user"] } }, Entry("m") with { Mode = EntryMode.Monitor })],
            },
            new GuardrailPlanQuery { Path = "/v1/chat" });

        var entries = explanation.Stages.Single(s => s.Stage == GuardrailStage.PreRequest).Entries;

        Assert.That(entries.Select(e => e.Entry.Id), Is.EqualTo(new[] { "rule//v1/*/b", "pii", "rule//v1/*/m" }));
        Assert.That(entries[0], Has.Property("Priority").EqualTo(1).And.Property("Timeout").EqualTo(TimeSpan.FromSeconds(2)).And.Property("OnError")
            .EqualTo(FailurePolicy.Allow));
        Assert.That(entries[0].Roles, Is.EqualTo(new[] { "user" }));
        Assert.That(entries[1], Has.Property("DocumentPath").EqualTo("$.gateway.required_plugins[0]").And.Property("IsLocked").True);
        Assert.That(entries[2].IsMonitor, Is.True);
        Assert.That(explanation.Scope.Rule, Is.EqualTo("/v1/*"));
        Assert.That(explanation.Revision, Is.EqualTo("r1"));
    }

    [Test]
    public void Explain_Overrides_TellsReplacedSwitchedOffAndMerged()
    {
        var explanation = Explain(
            Document(Gateway(Entry("a", "x"), Entry("b", "y"), Entry("c"))) with
            {
                Rules = [Rule("/*", Entry("a", "x") with { Mode = EntryMode.Monitor }, Off("b", "y"), Entry("c"))],
            },
            new GuardrailPlanQuery { Path = "/any" });

        var entries = explanation.Stages[0].Entries;

        Assert.That(explanation.Overrides, Has.Count.EqualTo(2).And.One.Contains("switches off 'y'").And.One.Contains("mode enforce -> monitor"));
        Assert.That(entries.Single(e => e.Entry.Id == "x").Replaced.Single(), Does.Contain("replaces 'x'"));
        Assert.That(entries.Single(e => e.Entry.Id == "gateway/Gateway/c").RunsFor.Single(), Does.Contain("rule//*/c"));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void Explain_EntriesThatRunAsOne_AreLockedIfEitherIs(bool isBroadLocked, bool isNarrowLocked)
    {
        var explanation = Explain(
            Document(Gateway(Entry("a") with { Locked = isBroadLocked })) with { Rules = [Rule("/*", Entry("a") with { Locked = isNarrowLocked })] },
            new GuardrailPlanQuery { Path = "/any" });

        Assert.That(explanation.Stages[0].Entries.Single().IsLocked, Is.True);
    }

    [Test]
    public void Explain_HoldBack_SequentialAddUpAndTheLongestParallelCounts()
    {
        var document = Document(Gateway(Spans("a", 10), Spans("b", 20), Spans("c", 5) with { Parallel = true },
            Spans("d", 7) with { Parallel = true }, Spans("m", 1000) with { Mode = EntryMode.Monitor }));

        Assert.That(Explain(document).HoldBackBytes, Is.EqualTo(37));
    }

    [Test]
    public void Explain_HoldBackOfParallelEntriesThatRewrite_HoldsWhatTheyEditToo()
    {
        Assert.That(Of(Rewriting("a", 10)), Is.EqualTo(10));
        Assert.That(Of(Rewriting("a", 10), Spans("b", 7) with { Parallel = true }), Is.EqualTo(20), "a match of one that another has not passed");
        Assert.That(Of(Rewriting("a", 10), Rewriting("b", 7)), Is.EqualTo(10 + 4096), "a union of both");
        Assert.That(Of(Rewriting("a", 5000), Rewriting("b", 7)), Is.EqualTo(10_000));

        static int? Of(params PolicyEntry[] entries) => Explain(Document(Gateway([.. entries]))).HoldBackBytes;

        static PolicyEntry Rewriting(string plugin, int holdBack) => Spans(plugin, holdBack) with
        {
            Parallel = true,
            Metadata = new GuardrailPluginMetadata(plugin) { Streaming = GuardrailStreaming.Span, Rewrites = true },
        };
    }

    [Test]
    public void Explain_HoldBackWithWholeText_IsNull()
    {
        Assert.That(Explain(Document(Gateway(Spans("a", 10), Entry("judge") with { Stages = [GuardrailStage.PreResponse] }))).HoldBackBytes, Is.Null);
        Assert.That(Explain(Document(Gateway(Spans("a", 10) with { Streaming = new StreamingOptions { Mode = "buffer" } }))).HoldBackBytes, Is.Null);
    }

    [Test]
    public void Explain_NothingReadsAnswers_HoldsBackNothing() => Assert.That(Explain(Document(Gateway(Entry("a")))).HoldBackBytes, Is.Zero);

    [Test]
    public void Explain_Refusals_AreSaid()
    {
        var document =
            Document() with { Rules = [Rule("/a")], ConsumerGroups = [Group("g")], Identity = new IdentityPolicy { RefuseUnidentified = true } };

        var explanation = Explain(document, new GuardrailPlanQuery { Path = "//a" });

        Assert.That((explanation.IsAmbiguousPath, explanation.IsUnidentifiedRefused), Is.EqualTo((true, true)));
        Assert.That(explanation.ToString(), Does.Contain("REFUSED: ambiguous_path").And.Contain("REFUSED: guardrail_unidentified"));
    }

    [Test]
    public void Explain_Options_AreThoseInForce()
    {
        var explanation = Explain(Document(Gateway() with { Options = new LevelOptions { MaxDepth = 7, DenyWithCompletion = true,
            Dialect = "openai.chat_completions" } }) with { Notes = ["subdomain: no effect here"] });

        Assert.That(
            explanation.Limits, Has.Member(KeyValuePair.Create("max_depth", 7L)).And.Member(KeyValuePair.Create("max_body_bytes", 10_485_760L)));
        Assert.That(explanation.Uninspected, Has.Member(KeyValuePair.Create("tunnel", "block")).And.Member(KeyValuePair.Create("image", "flag")));
        Assert.That((explanation.DenyWith, explanation.Dialect), Is.EqualTo(("completion", "openai.chat_completions")));
        Assert.That(explanation.Notes, Is.EqualTo(new[] { "subdomain: no effect here" }));
    }

    [Test]
    public void Explain_NullQuery_Throws() =>
        Assert.That(() => new GuardrailPolicyExplainer(new Source(Build(Document()))).Explain(null!), Throws.ArgumentNullException);

    [Test]
    public void ToString_FullPlan_ReadsWellAndHoldsNoSettings()
    {
        var secret = Entry("a", "x") with { Settings = $"{{\"key\":\"{Marker}\"}}", Message = Marker };
        var explanation = Explain(
            Document(Gateway(secret)) with { Rules = [Rule("/v1/*", secret with { Settings = $"[\"{Marker}\"]", OnError = FailurePolicy.Allow })],
                Notes = ["a note"] },
            new GuardrailPlanQuery { Path = "/v1/chat", Caller = new GuardrailCaller(Marker, Marker) });

        var text = explanation.ToString();

        Assert.That(text, Does.Not.Contain(Marker));
        Assert.That(text, Does.StartWith("policy r1\ngateway Gateway, service (none), rule /v1/*, groups (none), consumer (none)\npre_request:\n  1. a 'x' from rule /v1/*, $.a.x\n"));
        Assert.That(text, Does.Contain("priority 100, enforce, on_error allow, timeout 5000 ms, holds back whole text"));
        Assert.That(text, Does.Contain("weakening it: other settings, on_error block -> allow"));
        Assert.That(text, Does.Contain("hold-back of streams: at most 0 bytes"));
        Assert.That(text, Does.EndWith("notes:\n  a note\n"));
    }

    private static GuardrailPlanExplanation Explain(PolicyDocument document, GuardrailPlanQuery? query = null) =>
        new GuardrailPolicyExplainer(new Source(Build(document))).Explain(query ?? new GuardrailPlanQuery());

    private static PolicyEntry Spans(string plugin, int holdBack) => Entry(plugin) with
    {
        Stages = [GuardrailStage.PreResponse],
        Evaluator = new SpanEvaluator(holdBack),
        Metadata = new GuardrailPluginMetadata(plugin) { Streaming = GuardrailStreaming.Span },
    };

    private sealed class Source(ScopeTable table) : IScopeTableSource
    {
        public ScopeTable Current => table;
    }

    private sealed class SpanEvaluator(int holdBack) : ISpanEvaluator
    {
        public SpanReach Reach => new(0, holdBack, 0);

        public ISpanScanner? CreateScanner(SegmentRole role, SegmentKind kind) => null;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }
}
