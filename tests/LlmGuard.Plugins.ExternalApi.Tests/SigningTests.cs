using LlmGuard.FakeClouds.External;

namespace LlmGuard.Plugins.ExternalApi.Tests;

public sealed class SigningTests
{
    [Test]
    public async Task Request_Signed_IsAcceptedAndCoversWhatIsSent()
    {
        await using var judged = await Judged.StartAsync();

        await judged.WebhookAsync("text 😀", """ "query_params": [ { "name": "a b", "value": "c&d/é" } ] """);

        var request = judged.Fake.Requests[^1];
        var now = TimeProvider.System.GetUtcNow();
        Assert.That(judged.Fake.Violations, Is.Empty);
        Assert.That(WebhookSignature.ProblemOf(request, FakeExternalApi.SigningKey, now), Is.Null);
        Assert.That(WebhookSignature.ProblemOf(request, FakeExternalApi.SigningKey + "x", now), Is.Not.Null);
        Assert.That(WebhookSignature.ProblemOf(request with { Method = "PUT" }, FakeExternalApi.SigningKey, now), Is.Not.Null);
        Assert.That(WebhookSignature.ProblemOf(request with { RawTarget = request.RawTarget + "x" }, FakeExternalApi.SigningKey, now), Is.Not.Null);
        Assert.That(WebhookSignature.ProblemOf(request with { Body = [.. request.Body, 32] }, FakeExternalApi.SigningKey, now), Is.Not.Null);
        Assert.That(WebhookSignature.ProblemOf(request, FakeExternalApi.SigningKey, now.AddMinutes(6)), Is.Not.Null);
    }

    [Test]
    public async Task Request_WithAWrongKey_IsACredentialsFailure()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.CheckAsync("x", """ "signing": { "secret": "another key of sixteen bytes" } """, judged.Fake.Webhook);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(judged.Fake.Violations, Is.EqualTo(new[] { "a wrong signature" }));
    }
}
