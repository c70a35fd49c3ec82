using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class GroundingTests
{
    private const string Grounding = """ "grounding": { } """;

    private const string Source = "Paris is the capital city of France, lying on the river Seine.";

    private const string Query = "What is the capital of France?";

    [Test]
    public async Task Judge_GroundedAnswer_IsAskedTwiceAndAllowed()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await JudgeAsync(judged, "The capital of France is Paris.", Request());

        Assert.That(verdict.Failure, Is.Null);
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That(judged.Fake.Requests.Select(r => r.Text), Is.EquivalentTo(new[]
        {
            """{"source":"OUTPUT","content":[{"text":{"text":"The capital of France is Paris."}}]}""",
            $$$"""{"source":"OUTPUT","content":[{"text":{"text":"{{{Source}}}","qualifiers":["grounding_source"]}},{"text":{"text":"{{{Query}}}","qualifiers":["query"]}},{"text":{"text":"The capital of France is Paris.","qualifiers":["guard_content"]}}],"outputScope":"FULL"}""",
        }));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("Capital question of France: certainly Berlin, without doubt, yesterday already.", "grounding.grounding", "an answer without a source")]
    [TestCase("lying river Seine", "grounding.relevance", "an answer beside the question")]
    public async Task Judge_UngroundedAnswer_Blocks(string answer, string code, string shown)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await JudgeAsync(judged, answer, Request(), Grounding + """, "actions": { "message": "%s" } """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal!.Reason, Is.EqualTo(code));
        Assert.That(verdict.Refusal.Message, Is.EqualTo(shown));
    }

    [Test]
    public async Task Judge_NoSources_AsksAboutTheTextOnlyUnlessTheyAreRequired()
    {
        await using var judged = await Judged.StartAsync();
        var request = GuardrailContent.FromText(Query, SegmentRole.User);

        Assert.That((await JudgeAsync(judged, "Paris", request)).Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
        Assert.That(
            (await JudgeAsync(judged, "Paris", request, """ "grounding": { "required": true } """)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.Uninspected)));
    }

    [Test]
    public async Task Judge_MessagesAsSources_AreTheApplicationsOwn()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText(Source, new SegmentInfo { Role = SegmentRole.System, Kind = SegmentKind.Message });
        builder.AddText("Berlin is the capital.", new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        builder.AddText(Query, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });

        await JudgeAsync(judged, "Paris", builder.Build(), """ "grounding": { "sources": ["message"] } """);

        var asked = judged.Fake.Requests.Single(r => r.Text.Contains("query", StringComparison.Ordinal)).Text;
        Assert.That(asked, Does.Contain(Source).And.Contain(Query).And.Not.Contain("Berlin"));
    }

    [TestCase(100_000, 1000, true)]
    [TestCase(100_001, 1000, false)]
    [TestCase(100_000, 1001, false)]
    public async Task Judge_SourcesAndQueryAtTheirLimits_AreSentOrRefused(int source, int query, bool isSent)
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText(new string('s', source), new SegmentInfo { Kind = SegmentKind.Document });
        builder.AddText(new string('q', query), new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });

        var verdict = await JudgeAsync(judged, "Paris", builder.Build());

        Assert.That(verdict.Failure?.Reason, Is.EqualTo(isSent ? null : FailureReasons.LimitExceeded));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(isSent ? 2 : 0));
    }

    [Test]
    public async Task Judge_GuardrailThatDoesNotCheckGrounding_IsNotAPass()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Changed(static body => body
            .Replace("contextualGroundingPolicy\":{", "x\":{", StringComparison.Ordinal)
            .Replace("\"contextualGroundingPolicyUnits\":1", "\"contextualGroundingPolicyUnits\":0", StringComparison.Ordinal));

        Assert.That(
            (await JudgeAsync(judged, "The capital of France is Paris.", Request())).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.VerdictIncomplete)));
    }

    [Test]
    public async Task Judge_Request_IsNotCheckedForGrounding()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync(Request(), Grounding);

        Assert.That(judged.Fake.Requests.Select(r => r.Text), Has.None.Contains("qualifiers"));
    }

    [Test]
    public async Task Create_OnlyWithGrounding_ReadsTheRequestAgain()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((judged.Create(Grounding) as IEvaluatorNeeds)?.Needs, Is.EqualTo(GuardrailNeeds.RequestContent));
        Assert.That(judged.Create() as IEvaluatorNeeds, Is.Null);
    }

    private static GuardrailContent Request()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(Source, new SegmentInfo { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult });
        builder.AddText(Query, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        return builder.Build();
    }

    private static Task<GuardrailVerdict> JudgeAsync(Judged judged, string answer, GuardrailContent request, string settings = Grounding) =>
        judged.JudgeAsync(GuardrailContent.FromText(answer, SegmentRole.Assistant), settings, GuardrailStage.PreResponse, request);
}
