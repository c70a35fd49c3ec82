using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>What Azure's errors are called. The fault matrix has the rest.</summary>
public sealed class ErrorTests
{
    [TestCase("""{"error":{"code":"InvalidRequestBody","message":"vendor words"}}""", false)]
    [TestCase("""{"error":{"code":"InvalidRequestBody","message":"InvalidResourceName ResourceNotFound"}}""", false)]
    [TestCase("""{"error":{"code":"InvalidResourceName","message":"vendor words"}}""", true)]
    [TestCase("""{"error":{"code":"ResourceNotFound","message":"vendor words"}}""", true)]
    [TestCase("""{"error":{"code":"BadRequest","message":"m","innererror":{"code":"x","innererror":{"code":"InvalidApiVersionParameter"}}}}""", true)]
    [TestCase("""{"error":{"code":"BadRequest","message":"m","details":[{"code":"a"},{"code":"UnsupportedApiVersion"}]}}""", true)]
    [TestCase("""{"error":{"code":["ResourceNotFound"],"message":"m","details":{"code":"ResourceNotFound"},"innererror":"ResourceNotFound"}}""",
        false)]
    [TestCase("""{"code":"ResourceNotFound"}""", false)]
    [TestCase("""["ResourceNotFound"]""", false)]
    [TestCase("""{"error":{"code":"ResourceNotFound" """, false)]
    [TestCase("", false)]
    [TestCase("\"\\ud800\"", false)]
    [TestCase("""{"error":{"code":"\ud800"}}""", false)]
    public async Task Judge_BadRequest_TellsConfigurationFromContent(string body, bool isConfiguration)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(400, body));

        Assert.That((await judged.JudgeAsync("text")).Failure, Is.EqualTo(isConfiguration
            ? new GuardrailFailure(FailureClass.Availability, FailureReasons.ConfigInvalid)
            : new GuardrailFailure(FailureClass.Input, FailureReasons.Undecodable)));
    }

    [Test]
    public async Task Judge_VersionThatDoesNotExist_IsConfiguration()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(
            (await judged.JudgeAsync("text", """ "api_version": "2031-01-01" """)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.ConfigInvalid)));
        Assert.That(judged.Fake.Requests.Single().RawTarget, Does.EndWith("?api-version=2031-01-01"));
    }

    [Test]
    public async Task Judge_Throttled_IsRetriedWhenAzureSays()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(FakeAzureContentSafety.Throttled(0));

        Assert.That(await judged.JudgeAsync("text", """ "retries": 1 """), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(2));
    }

    [Test]
    public async Task Judge_ThrottledForLong_IsNotRetried()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = FakeAzureContentSafety.Throttled(60);

        Assert.That(
            (await judged.JudgeAsync("text", """ "retries": 5 """)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Throttled)));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Judge_FullAddresses_AreAskedAsTheyStand()
    {
        await using var judged = await Judged.StartAsync();
        var folder = new Uri(judged.Fake.Address, "contentsafety/").AbsoluteUri;
        var settings = $$""" "endpoints": { "text": "{{folder}}text:analyze?api-version=2023-10-01", "image": "{{folder}}image:analyze?api-version=2024-09-01" } """;

        Assert.That((await judged.JudgeAsync(FakeAzureContentSafety.TriggerOf("Hate"), settings)).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Fake.Requests.Single().RawTarget, Is.EqualTo("/contentsafety/text:analyze?api-version=2023-10-01"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_CleanQuestionWithACache_IsAskedOnceAndAHarmfulOneEachTime()
    {
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Evaluator(""" "cache": { "lifetime": "5m" } """);
        foreach (var text in new[] { "fine", "fine", FakeAzureContentSafety.TriggerOf("Hate"), FakeAzureContentSafety.TriggerOf("Hate") })
        {
            await evaluator.EvaluateAsync(new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User)), default);
        }

        Assert.That(judged.Fake.RequestCount, Is.EqualTo(3));
    }
}
