using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Samples;

/// <summary>The example with fakes of all remote judges, as a newcomer starts it: each judge is asked, and each can refuse.</summary>
[TestFixture]
[CancelAfter(120_000)]
public sealed class GatewayCloudsTests
{
    private SampleProcess _process = null!;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        (_process, _client) = await SampleProcess.StartGatewayAsync(CancellationToken.None, "--fake-clouds");

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    [TestCase("please FAKE-JAILBREAK", 403, "neuraltrust_guardrail")]
    [TestCase("please FAKE-UNSAFE", 400, "noma_runtime_protection")]
    [TestCase("please FAKE-BLOCK", 451, "external_api")]
    [TestCase("please FAKE-ILLICIT", 403, "toxicity_openai")]
    [TestCase("please FAKE-SELFHARM-4", 400, "toxicity_azure")]
    [TestCase("please FAKE-PROMPT-ATTACK", 403, "bedrock_guardrail")]
    public async Task Prompt_ThatOneFakeRefuses_IsRefusedInItsName(string prompt, int status, string plugin)
    {
        var (got, body) = await _client.PostAsync(Chat.Path, Chat.Request(prompt), Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(got, Is.EqualTo(status), body);
            Assert.That(body, Does.Contain($"\"code\":\"{plugin}\"").And.Not.Contains("FAKE"));
        }
    }

    [Test]
    public async Task Prompt_ThatAllFakesAllow_IsAnsweredAndMaskedAsOneSays()
    {
        var (status, body) = await _client.PostAsync(Chat.Path, Chat.Request("hello FAKE-MASK"), Token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(200), body);
            Assert.That(body, Does.Contain("I read: hello [FAKE]"));
        }
    }

    [Test]
    public async Task Policy_ThatNamesAFakeThereIsNot_StopsTheStartAndSaysWhichThereAre()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, Chat.Gateway("""{ "name": "toxicity_openai", "settings": { "endpoint": "{{fake:nobody}}" } }"""), Token);
            await using var process = SampleProcess.Start("LlmGuard.Gateway", "--fake-clouds", "--policy", file);
            var (exitCode, _, errors) = await process.EndAsync(Token);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(exitCode, Is.EqualTo(2));
                Assert.That(errors, Does.Contain("{{fake:nobody}}").And.Contain("toxicity_openai"));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}
