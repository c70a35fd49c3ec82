using Amazon.Runtime;
using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.FakeClouds.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class CredentialTests
{
    private const string Role = "arn:aws:iam::123456789012:role/guard";

    private static readonly AwsIdentity Session = new("ASIAFAKEFAKEFAKE0002", "session/secret", "session//token+==");

    private static readonly GuardrailFailure Credentials = new(FailureClass.Availability, FailureReasons.Credentials);

    [Test]
    public async Task Judge_SessionKeys_AreSignedWithTheirToken()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Identity = Session;

        Assert.That(await JudgeAsync(judged, Judged.KeysOf(Session)), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.Requests.Single().Header("X-Amz-Security-Token"), Is.EqualTo(Session.SessionToken));
    }

    [TestCase(FakeBedrockRuntime.GuardrailArn, "arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Aguardrail%2Fgr1fake2abc3")]
    [TestCase(FakeBedrockRuntime.GuardrailId, FakeBedrockRuntime.GuardrailId)]
    public async Task Judge_GuardrailAndVersion_AreInThePath(string id, string path)
    {
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Create(operation: $$""" "guardrail_id": "{{id}}", "version": "DRAFT" """);

        Assert.That(await evaluator.EvaluateAsync(Judged.Call(GuardrailContent.FromText("hello", SegmentRole.User)), default),
            Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.Requests.Single().RawTarget, Is.EqualTo($"/guardrail/{path}/version/DRAFT/apply"));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Judge_ArnAlone_SaysTheRegion()
    {
        await using var judged = await Judged.StartAsync();
        var keys =
            $$"""{ "aws_access_key": "{{FakeBedrockRuntime.Static.AccessKey}}", "aws_secret_key": "{{FakeBedrockRuntime.Static.SecretKey}}" }""";
        var evaluator = judged.Create(credentials: keys, operation: $$""" "guardrail_id": "{{FakeBedrockRuntime.GuardrailArn}}" """);

        Assert.That(await evaluator.EvaluateAsync(Judged.Call(GuardrailContent.FromText("hello", SegmentRole.User)), default),
            Is.SameAs(GuardrailVerdict.Allow));
    }

    [Test]
    public async Task Judge_ApiKey_IsABearerTokenAndNothingIsSigned()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(await JudgeAsync(judged, $$"""{ "api_key": "{{FakeBedrockRuntime.ApiKey}}", "aws_region": "eu-west-1" }"""),
            Is.SameAs(GuardrailVerdict.Allow));
        var request = judged.Fake.Requests.Single();
        Assert.That(request.Header("Authorization"), Is.EqualTo("Bearer " + FakeBedrockRuntime.ApiKey));
        Assert.That(request.Headers.Keys, Has.None.StartsWith("X-Amz-").IgnoreCase);
    }

    [TestCase("""{ "api_key": "ABSKother", "aws_region": "eu-west-1" }""")]
    [TestCase("""{ "aws_access_key": "AKIAFAKEFAKEFAKE0001", "aws_secret_key": "wrong", "aws_region": "eu-west-1" }""")]
    [TestCase("""{ "aws_access_key": "AKIAFAKEFAKEFAKE0001", "aws_secret_key": "fake/secret+access=key", "aws_region": "eu-west-2" }""")]
    [TestCase("""{ "aws_access_key": "AKIANOBODY", "aws_secret_key": "fake/secret+access=key", "aws_region": "eu-west-1" }""")]
    public async Task Judge_WrongCredentials_AreAnAvailabilityFailure(string credentials)
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((await JudgeAsync(judged, credentials)).Failure, Is.EqualTo(Credentials));
    }

    [Test]
    public async Task Judge_EveryAttempt_IsSignedAnew()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(Fault.Instead(429, "{}", "application/json", ("Retry-After", "0")));
        var read = GuardrailSettings.Parse($$"""
            { "guardrail_id": "{{FakeBedrockRuntime.GuardrailId}}", "credentials": {{Judged.Keys}}, "endpoint": "{{judged.Fake.Address}}", "allow_private_endpoints": true, "retries": 2 }
            """);
        var evaluator = judged.Plugin.Create(read);

        Assert.That(await evaluator.EvaluateAsync(Judged.Call(GuardrailContent.FromText("hello", SegmentRole.User)), default),
            Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Judge_DefaultChain_ComesFromTheProvider()
    {
        var provider = new Provider(Session);
        await using var judged = await Judged.StartAsync(s => s.AddSingleton<IBedrockCredentialProvider>(provider));
        judged.Fake.Identity = Session;
        var evaluator = judged.Create(credentials: """{ "use_default_chain": true, "aws_region": "eu-west-1" }""");
        Assert.That(provider.Asked, Is.Empty, "nothing is asked before the first question");

        for (var i = 0; i < 3; i++)
        {
            Assert.That(await evaluator.EvaluateAsync(Judged.Call(GuardrailContent.FromText("hello", SegmentRole.User)), default),
                Is.SameAs(GuardrailVerdict.Allow));
        }

        Assert.That(provider.Asked, Is.EqualTo(new[] { "default" }));
    }

    [TestCase("", "default")]
    [TestCase("""
        "aws_access_key": "AKIASOURCE", "aws_secret_key": "s",
        """, "AKIASOURCE")]
    public async Task Judge_Role_IsTakenOnByTheProviderFromItsSource(string keys, string source)
    {
        var provider = new Provider(Session);
        await using var judged = await Judged.StartAsync(s => s.AddSingleton<IBedrockCredentialProvider>(provider));
        judged.Fake.Identity = Session;

        var verdict = await JudgeAsync(judged,
            $$"""{ {{keys}} "use_role": true, "role_arn": "{{Role}}", "session_name": "audit", "external_id": "x:1", "aws_region": "eu-west-1" }""");

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(provider.Asked[^1], Is.EqualTo($"{source} as {new BedrockRole(Role, "audit", "x:1", "eu-west-1")}"));
    }

    [Test]
    public async Task Judge_ProviderThatFails_IsAskedAgain()
    {
        var provider = new Provider(Session) { Fails = true };
        await using var judged = await Judged.StartAsync(s => s.AddSingleton<IBedrockCredentialProvider>(provider));
        judged.Fake.Identity = Session;
        var evaluator = judged.Create(credentials: """{ "use_default_chain": true, "aws_region": "eu-west-1" }""");
        var call = Judged.Call(GuardrailContent.FromText("hello", SegmentRole.User));

        Assert.That((await evaluator.EvaluateAsync(call, default)).Failure, Is.EqualTo(Credentials));
        provider.Fails = false;
        Assert.That(await evaluator.EvaluateAsync(call, default), Is.SameAs(GuardrailVerdict.Allow));
    }

    [Test]
    public async Task Judge_RoleWithoutTheStsPackage_IsACredentialFailure()
    {
        await using var judged = await Judged.StartAsync();
        var keys =
            $$"""{ "aws_access_key": "AKIASOURCE", "aws_secret_key": "s", "use_role": true, "role_arn": "{{Role}}", "aws_region": "eu-west-1" }""";

        Assert.That((await JudgeAsync(judged, keys)).Failure, Is.EqualTo(Credentials));
        Assert.That(judged.Fake.RequestCount, Is.Zero);
    }

    [Test]
    [NonParallelizable]
    public async Task Judge_DefaultChainOfTheSdk_FindsKeysOfTheEnvironment()
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = Session.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = Session.SecretKey,
            ["AWS_SESSION_TOKEN"] = Session.SessionToken!,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        try
        {
            await using var judged = await Judged.StartAsync();
            judged.Fake.Identity = Session;

            Assert.That(await JudgeAsync(judged, """{ "use_default_chain": true, "aws_region": "eu-west-1" }"""), Is.SameAs(GuardrailVerdict.Allow));
        }
        finally
        {
            foreach (var name in variables.Keys)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }

    private static async Task<GuardrailVerdict> JudgeAsync(Judged judged, string credentials) =>
        await judged.Create(credentials: credentials).EvaluateAsync(Judged.Call(GuardrailContent.FromText("hello", SegmentRole.User)), default);

    private sealed class Provider(AwsIdentity identity) : IBedrockCredentialProvider
    {
        public List<string> Asked { get; } = [];

        public bool Fails { get; set; }

        public AWSCredentials GetDefault()
        {
            Asked.Add("default");
            return Fails ? throw new AmazonClientException("no credentials")
                : new SessionAWSCredentials(identity.AccessKey, identity.SecretKey, identity.SessionToken);
        }

        public AWSCredentials AssumeRole(AWSCredentials source, BedrockRole role)
        {
            var name = source.GetCredentials().AccessKey;
            Asked.Add($"{(name == identity.AccessKey ? "default" : name)} as {role}");
            return new SessionAWSCredentials(identity.AccessKey, identity.SecretKey, identity.SessionToken);
        }
    }
}
