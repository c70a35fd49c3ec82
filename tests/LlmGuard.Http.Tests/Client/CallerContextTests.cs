using System.Net;

namespace LlmGuard.Http.Tests.Client;

/// <summary>Callers whose own thread has to run what comes back to them, such as a window's, and waits for the answer instead.</summary>
[TestFixture]
public sealed class CallerContextTests
{
    private const string Entry = """{ "name": "word", "stage": "post_request", "settings": { "block": "plum" } }""";
    private const string Body = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";

    [TestCase(true)]
    [TestCase(false)]
    public async Task Send_OnAThreadThatWaits_ComesBack(bool isSynchronous)
    {
        await using var guarded = new GuardedClient(Entry, static _ => new HttpResponseMessage(HttpStatusCode.OK));
        var answered = new TaskCompletionSource<HttpStatusCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var window = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new WaitingContext());
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Body) };
            using var response = isSynchronous ? guarded.Client.Send(request) : guarded.Client.SendAsync(request).GetAwaiter().GetResult();
            answered.SetResult(response.StatusCode);
        })
        {
            IsBackground = true,
        };

        window.Start();

        Assert.That(await answered.Task.WaitAsync(TimeSpan.FromMinutes(1)), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(guarded.Log.Notes, Has.Some.StartsWith(nameof(GuardrailStage.PostRequest)));
    }

    /// <summary>Runs nothing, as the thread that would is busy waiting.</summary>
    private sealed class WaitingContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
