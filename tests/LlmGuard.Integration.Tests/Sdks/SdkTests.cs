using LlmGuard.Integration.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>
/// What an application sees through an SDK it did not write, whether the guard stands in front of the model or under the SDK's client.
/// </summary>
[TestFixture(true)]
[TestFixture(false)]
[CancelAfter(60_000)]
public abstract class SdkTests(bool isGateway)
{
    private LoopbackApp _app = null!;
    private ServiceProvider? _clients;

    /// <summary>Where the model is, or the guard in front of it.</summary>
    protected Uri Url => _app.Url;

    /// <summary>A guarded client for one use, since an SDK may dispose of it; null for the SDK's own.</summary>
    protected HttpClient? NewClient() => _clients?.GetRequiredService<IHttpClientFactory>().CreateClient("llm");

    protected static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (isGateway)
        {
            _app = await ToyModelApp.StartGuardedAsync();
            return;
        }

        _app = await ToyModelApp.StartBareAsync();
        _clients = ToyModelApp.Clients();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_clients is not null)
        {
            await _clients.DisposeAsync();
        }

        await _app.DisposeAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Prompt_WithPersonalData_IsMaskedBeforeTheModelReadsIt(bool isStreaming)
    {
        var answer = await AskAsync("I am ann@example.com, card 4111 1111 1111 1111", isStreaming);

        Assert.That(answer, Is.EqualTo("I read: I am [MASKED_EMAIL], card [MASKED_CC]"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Answer_WithPersonalData_IsMasked(bool isStreaming)
    {
        var answer = await AskAsync("how do I reach support?", isStreaming);

        Assert.That(answer, Does.StartWith("You reach support at [MASKED_EMAIL] or ").And.Not.Contain("555"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Prompt_ThatIsNeitherMaskedNorBlocked_IsAnswered(bool isStreaming)
    {
        var answer = await AskAsync("hello 😀 \"quoted\"", isStreaming);

        Assert.That(answer, Is.EqualTo("I read: hello 😀 \"quoted\""));
    }

    /// <summary>Asks and returns the whole text of the answer.</summary>
    protected abstract Task<string> AskAsync(string prompt, bool isStreaming);
}
