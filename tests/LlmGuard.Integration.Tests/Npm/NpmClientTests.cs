using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Npm;

/// <summary>What applications see of a refusal through the official clients from npm: their usual exception, or an answer that refuses.</summary>
[CancelAfter(300_000)]
[Parallelizable]
public sealed class NpmClientTests
{
    private static readonly NpmClient[] Clients =
    [
        new("openai-chat.mjs", "PermissionDeniedError", "content_filter", "stop"),
        new("anthropic.mjs", "PermissionDeniedError", "refusal", "end_turn"),
        new("google-genai.mjs", "ApiError", "SAFETY", "STOP"),
        new("ollama-chat.mjs", "ResponseError", "stop", "stop"),
        new("ollama-generate.mjs", "ResponseError", "stop", "stop"),
        new("cohere-v2.mjs", "ForbiddenError", "COMPLETE", "COMPLETE"),
        new("cohere-v1.mjs", "ForbiddenError", "ERROR_TOXIC", "COMPLETE"),
        new("mistral.mjs", "SDKError", "content_filter", "stop"),
        new("bedrock-converse.mjs", "AccessDeniedException", "guardrail_intervened", "end_turn"),
        new("bedrock-invoke.mjs", "AccessDeniedException", "refusal", "end_turn"),
    ];

    private LoopbackApp _errors = null!;
    private LoopbackApp _completions = null!;

    private static IEnumerable<TestCaseData> Each() => Clients.Select(static client => new TestCaseData(client).SetArgDisplayNames(client.Script));

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        await NpmWorkspace.EnsureAsync();
        _errors = await NpmApp.StartAsync("error", NpmUpstream.AnswerAsync);
        _completions = await NpmApp.StartAsync("completion", NpmUpstream.AnswerAsync);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _errors.DisposeAsync();
        await _completions.DisposeAsync();
    }

    [TestCaseSource(nameof(Each))]
    public async Task Prompt_Blocked_RaisesTheUsualExceptionOrIsAnAnswer(NpmClient client)
    {
        var answers = await NodeScript.RunAsync(
            client.Script,
            new NodeAsk(_errors.Url, NpmApp.Blocked, false),
            new NodeAsk(_errors.Url, NpmApp.Blocked, true),
            new NodeAsk(_completions.Url, NpmApp.Blocked, false),
            new NodeAsk(_completions.Url, NpmApp.Blocked, true));

        using (Assert.EnterMultipleScope())
        {
            foreach (var error in answers.Take(2))
            {
                Assert.That((error.Error, error.Status), Is.EqualTo((client.Error, 403)), error.ToString());
                Assert.That(error.Message, Does.Contain(NpmApp.Refusal).And.Not.Contain("bluebird"));
            }

            foreach (var completion in answers.Skip(2))
            {
                Assert.That((completion.Text, completion.Finish), Is.EqualTo((NpmApp.Refusal, client.Finish)), completion.ToString());
            }
        }
    }

    [TestCaseSource(nameof(Each))]
    public async Task Answer_WithPersonalData_IsMaskedWhereverItIsCut(NpmClient client)
    {
        var answers = await NodeScript.RunAsync(
            client.Script,
            new NodeAsk(_errors.Url, "How do I reach you?", false),
            new NodeAsk(_errors.Url, "How do I reach you?", true));

        foreach (var answer in answers)
        {
            Assert.That((answer.Text, answer.Finish), Is.EqualTo(("Write to [MASKED_EMAIL] today.", client.Ends)), answer.ToString());
        }
    }
}

/// <summary>A script that speaks through one client.</summary>
/// <param name="Script">Its file name.</param>
/// <param name="Error">The exception that the client raises for a 403.</param>
/// <param name="Finish">Why an answer that refuses says it ended.</param>
/// <param name="Ends">Why any other answer of the upstream says it ended.</param>
public sealed record NpmClient(string Script, string Error, string Finish, string Ends);
