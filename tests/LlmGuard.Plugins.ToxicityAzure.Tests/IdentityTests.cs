using Azure.Core;
using LlmGuard.FakeClouds.Azure;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

public sealed class IdentityTests
{
    private const string Entra = "\"credential\": \"entra_id\"";

    [Test]
    public async Task Judge_Identity_SendsItsTokenAndNoKey()
    {
        var credential = new Credential();
        await using var judged = await Judged.StartAsync(credential);

        Assert.That(await judged.JudgeAsync("text", Entra), Is.SameAs(GuardrailVerdict.Allow));
        var request = judged.Fake.Requests.Single();
        Assert.That(request.Header("Authorization"), Is.EqualTo("Bearer " + FakeAzureContentSafety.Token));
        Assert.That(request.Header("Ocp-Apim-Subscription-Key"), Is.Null);
        Assert.That(credential.Scopes, Is.EqualTo(new[] { "https://cognitiveservices.azure.com/.default" }));
    }

    [Test]
    public async Task Judge_ManyCallersAndEntries_AcquireOnce()
    {
        var credential = new Credential();
        await using var judged = await Judged.StartAsync(credential);
        var evaluators = new[] { judged.Evaluator(Entra), judged.Evaluator(Entra + """, "categories": ["Hate"] """) };

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => evaluators[i % 2].EvaluateAsync(Call("text"), default).AsTask()));

        Assert.That(credential.Scopes, Has.Count.EqualTo(1));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(40));
    }

    [Test]
    public async Task Judge_OtherScopes_HaveTokensOfTheirOwn()
    {
        var credential = new Credential();
        await using var judged = await Judged.StartAsync(credential);

        await judged.JudgeAsync("text", Entra);
        await judged.JudgeAsync("text", Entra + """, "token_scope": "https://cognitiveservices.azure.us/.default" """);

        Assert.That(
            credential.Scopes, Is.EqualTo(new[] { "https://cognitiveservices.azure.com/.default", "https://cognitiveservices.azure.us/.default" }));
    }

    [Test]
    public async Task Judge_RefusedToken_IsAcquiredAnewOnce()
    {
        var credential = new Credential();
        await using var judged = await Judged.StartAsync(credential);
        await judged.JudgeAsync("text", Entra);
        judged.Fake.AcceptToken("another");
        credential.Value = "another";

        Assert.That(await judged.JudgeAsync("text", Entra), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(credential.Scopes, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Judge_TokenThatStaysRefused_IsACredentialsFailure()
    {
        var credential = new Credential();
        await using var judged = await Judged.StartAsync(credential);
        judged.Fake.AcceptToken("another");

        Assert.That(
            (await judged.JudgeAsync("text", Entra)).Failure,
            Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(2), "one try more, and no more than that");
    }

    [Test]
    public async Task Judge_IdentityThatFails_IsACredentialsFailureAndTriedAgain()
    {
        var credential = new Credential { Fails = true };
        await using var judged = await Judged.StartAsync(credential);

        var failed = await judged.JudgeAsync("text", Entra);
        credential.Fails = false;
        var worked = await judged.JudgeAsync("text", Entra);

        Assert.That(failed.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(worked, Is.SameAs(GuardrailVerdict.Allow));
    }

    [Test]
    public async Task Judge_WrongKey_IsACredentialsFailureAndAskedOnce()
    {
        await using var judged = await Judged.StartAsync();
        var read = GuardrailSettings.Parse($$"""{ "api_key": "wrong", "endpoint": "{{judged.Fake.Address}}", "allow_private_endpoints": true }""");

        var verdict = await judged.Plugin.Create(read).EvaluateAsync(Call("text"), default);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
        Assert.That(judged.Fake.RequestCount, Is.EqualTo(1));
    }

    private static GuardrailCall Call(string text) =>
        new(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User)) { Timeout = TimeSpan.FromSeconds(20) };

    private sealed class Credential : TokenCredential
    {
        private readonly List<string> _scopes = [];

        public string Value { get; set; } = FakeAzureContentSafety.Token;

        public bool Fails { get; set; }

        public IReadOnlyList<string> Scopes
        {
            get
            {
                lock (_scopes)
                {
                    return [.. _scopes];
                }
            }
        }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            lock (_scopes)
            {
                _scopes.Add(requestContext.Scopes.Single());
            }

            return Fails ? throw new InvalidOperationException("secret words") : new AccessToken(Value, TimeProvider.System.GetUtcNow().AddHours(1));
        }

        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return GetToken(requestContext, cancellationToken);
        }
    }
}
