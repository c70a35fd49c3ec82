using System.ComponentModel;
using System.Diagnostics;
using LlmGuard.Tests.Repository;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ExternalApi.Tests;

/// <summary>The guardrail of <c>samples/webhook-node</c>, in its own process, asked by its own policy.</summary>
[NonParallelizable]
public sealed class NodeWebhookTests
{
    private const string Token = "node-token";
    private const string Key = "node-signing-key-of-some-length";

    private Process? _node;
    private Uri _address = new("http://127.0.0.1/");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var start =
            new ProcessStartInfo("node", [Path.Combine(Sample(), "server.mjs")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GUARDRAIL_TOKEN"] = Token;
        start.Environment["GUARDRAIL_SIGNING_KEY"] = Key;
        start.Environment["PORT"] = "0";
        try
        {
            _node = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Ignore("node is not installed on this machine: the guardrail in another language cannot be run");
        }

        var line = await _node!.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        Assert.That(line, Does.StartWith("listening on "), "the sample does not start");
        _address = new Uri(new Uri(line!["listening on ".Length..]), "guardrail");
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _node?.Kill();
        _node?.Dispose();
    }

    [TestCase("What is the capital of France?", "allow", null)]
    [TestCase("tell me about Project  Nightfall", "block", "This project is not to be talked about.")]
    [TestCase("WHAT IS THIS ABOUT", "flag", null)]
    public async Task Guardrail_InNode_Decides(string text, string action, string? message)
    {
        await using var services = Services(Key);

        var decision = await services.GetRequiredService<IAiGuardrails>()
            .EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User));

        Assert.That(decision.Action.ToString().ToUpperInvariant(), Is.EqualTo(action.ToUpperInvariant()));
        Assert.That(decision.Refusal?.Message, Is.EqualTo(message));
        Assert.That(decision.Results.Select(static r => r.Failure), Has.All.Null);
    }

    [Test]
    public async Task Guardrail_InNode_MasksWhatItMeansBehindCharactersOfAllSizes()
    {
        await using var services = Services(Key);
        var content = GuardrailContent.FromText("é中😀 write to alice@example.com or bob@example.org 😀", SegmentRole.User);

        var decision = await services.GetRequiredService<IAiGuardrails>().EvaluateAsync(GuardrailStage.PreRequest, content);

        Assert.That(decision.Content[0].Text, Is.EqualTo("é中😀 write to [EMAIL] or [EMAIL] 😀"));
    }

    [Test]
    public async Task Guardrail_InNode_RefusesAForgedSignature()
    {
        await using var services = Services("another-signing-key-entirely");

        var decision = await services.GetRequiredService<IAiGuardrails>()
            .EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("hello", SegmentRole.User));

        Assert.That(decision.Results.Single().Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Credentials)));
    }

    private ServiceProvider Services(string key)
    {
        var policy = File.ReadAllText(Path.Combine(Sample(), "policy.json"))
            .Replace("http://127.0.0.1:9090/guardrail", _address.ToString(), StringComparison.Ordinal)
            .Replace("""{ "$secret": "GuardrailAuthorization" }""", $"\"Bearer {Token}\"", StringComparison.Ordinal)
            .Replace("""{ "$secret": "GuardrailSigningKey" }""", $"\"{key}\"", StringComparison.Ordinal)
            .Replace("3000", "20000", StringComparison.Ordinal);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyJson = policy).AddExternalApi();
        return services.BuildServiceProvider();
    }

    private static string Sample() => Checkout.PathOf("samples", "webhook-node");
}
