using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.Noma;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

public sealed class TokenTests
{
    private const string Client = $$""" "client_id": "{{FakeNoma.ClientId}}", "client_secret": "{{FakeNoma.ClientSecret}}" """;

    [Test]
    public async Task Judge_ManyAtOnce_ShareOneToken()
    {
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Evaluator(Client);

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => evaluator.EvaluateAsync(Judged.Call($"text {i}"), default).AsTask()));

        Assert.That(verdicts, Has.All.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.TokensIssued, Is.EqualTo(1));
        var token = judged.Fake.Requests[0];
        Assert.That(token.Path, Is.EqualTo("/auth"));
        Assert.That(token.Text, Is.EqualTo($$"""{"clientId":"{{FakeNoma.ClientId}}","secret":"{{FakeNoma.ClientSecret}}"}"""));
        Assert.That(judged.Fake.Requests.Skip(1).Select(r => r.Text), Has.None.Contains(FakeNoma.ClientSecret));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_TokenRevokedEarly_IsAcquiredAnewOnce()
    {
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Evaluator(Client);
        await evaluator.EvaluateAsync(Judged.Call("text"), default);

        judged.Fake.RevokeTokens();
        var verdict = await evaluator.EvaluateAsync(Judged.Call("please " + FakeNoma.Unsafe), default);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Fake.TokensIssued, Is.EqualTo(2));
    }

    [Test]
    public async Task Judge_TokenUrl_IsWhereTheSecretGoes()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("text", $"{Client}, \"token_url\": \"{new Uri(judged.Fake.Address, "v1/oauth/token")}\"");

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.Requests[0].Path, Is.EqualTo("/v1/oauth/token"));
    }

    [Test]
    public async Task Judge_TokenWithoutALifetime_IsKeptForAWhile()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.TokenLifetime = null;
        var evaluator = judged.Evaluator(Client);

        await evaluator.EvaluateAsync(Judged.Call("one"), default);
        await evaluator.EvaluateAsync(Judged.Call("two"), default);

        Assert.That(judged.Fake.TokensIssued, Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"accessToken":""}""")]
    [TestCase("""{"accessToken":7}""")]
    [TestCase("""{"accessToken":"a\r\nX-Evil: 1"}""")]
    [TestCase("""{"accessToken":"a","expiresIn":"soon"}""")]
    [TestCase("""{"accessToken":"a","expiresIn":-1}""")]
    [TestCase("""{"access_token":"a","expires_in":60}""")]
    public async Task Judge_AnswerWithoutAToken_IsACredentialsFailure(string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(200, answer));

        var verdict = await judged.JudgeAsync("text", Client);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1), "nothing is scanned without a token");
    }

    [Test]
    public async Task Judge_EndpointOfOnesOwn_MayDoWithoutCredentials()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.NeedsCredentials = false;
        var settings = GuardrailSettings.Parse($$"""{ "endpoint": "{{judged.Fake.Address}}", "allow_private_endpoints": true }""");
        using var services = Judged.Services();
        var evaluator = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetServices<IGuardrailPlugin>(services).Single()
            .Create(settings);

        Assert.That(await evaluator.EvaluateAsync(Judged.Call("text"), default), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.Requests.Single().Header("Authorization"), Is.Null);
    }
}
