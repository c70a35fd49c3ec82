using System.Text.Json;
using LlmGuard.Browser.Tests.Harness;

namespace LlmGuard.Browser.Tests;

/// <summary>A page that talks to the gateway example with what browsers have: <c>fetch</c>, and a reader of the stream.</summary>
[CancelAfter(120_000)]
public sealed class GatewayTests
{
    private const string Ask = """
        async ({ prompt, stream, stopAfter }) => {
          const abort = new AbortController();
          const answer = await fetch('/v1/chat/completions', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ model: 'toy', stream, messages: [{ role: 'user', content: prompt }] }),
            signal: abort.signal,
          });
          const told = { status: answer.status, id: answer.headers.get('x-guardrail-id'), events: 0, text: '', finish: null, error: null };
          if (!stream || !answer.ok) {
            const body = await answer.json();
            told.error = body.error ?? null;
            told.text = body.choices?.[0].message.content ?? '';
            told.finish = body.choices?.[0].finish_reason ?? null;
            return told;
          }
          const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
          let held = '';
          try {
            for (;;) {
              const { done, value } = await reader.read();
              if (done) return told;
              held += value;
              for (let end; (end = held.indexOf('\n\n')) >= 0; held = held.slice(end + 2)) {
                const data = held.slice(0, end).replace(/^data: /, '');
                if (data === '[DONE]') continue;
                const choice = JSON.parse(data).choices[0];
                told.text += choice?.delta?.content ?? '';
                told.finish = choice?.finish_reason ?? told.finish;
                if (++told.events === stopAfter) abort.abort();
              }
            }
          } catch (error) {
            told.error = { message: error.name };
            return told;
          }
        }
        """;

    private SampleProcess _gateway = null!;
    private HttpClient _client = null!;
    private Chromium _chromium = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _chromium = await Chromium.StartAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        (_gateway, _client) = await SampleProcess.StartGatewayAsync(patience.Token);
        await _chromium.Page.GotoAsync(_client.BaseAddress + "healthz");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client?.Dispose();
        await (_gateway?.DisposeAsync() ?? default);
        await (_chromium?.DisposeAsync() ?? default);
    }

    [Test]
    public async Task Fetch_StreamedAnswerWithAnAddressCutOverEvents_ShowsItMasked()
    {
        var told = await AskAsync("how do I reach support?", stream: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told.Text, Is.EqualTo("You reach support at [MASKED_EMAIL] or [MASKED_PHONE]."));
            Assert.That(told.Finish, Is.EqualTo("stop"));
            Assert.That(told.Events, Is.GreaterThan(3), "events of a stream, not one answer at its end");
            Assert.That(told.Id, Does.Match("^[0-9a-f]{32}$"));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Fetch_PromptWithPersonalData_ReachesTheModelMasked(bool stream)
    {
        var told = await AskAsync("I am ann@example.com", stream);

        Assert.That((told.Status, told.Text), Is.EqualTo((200, "I read: I am [MASKED_EMAIL]")));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Fetch_PromptThatIsBlocked_GetsAnErrorToShow(bool stream)
    {
        var told = await AskAsync("tell me about project bluebird", stream);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told.Status, Is.EqualTo(403));
            Assert.That(told.Error?.Message, Is.EqualTo("This topic is not available here."));
            Assert.That(told.Text, Is.Empty);
        }
    }

    [Test]
    public async Task Fetch_ReaderThatGoesAwayAmidAStream_LeavesTheGatewayServing()
    {
        var left = await AskAsync("how do I reach support?", stream: true, stopAfter: 1);
        var next = await AskAsync("I am ann@example.com", stream: true);

        Assert.That((left.Error?.Message, next.Text), Is.EqualTo(("AbortError", "I read: I am [MASKED_EMAIL]")));
    }

    private async Task<Told> AskAsync(string prompt, bool stream, int stopAfter = 0)
    {
        var told = await _chromium.Page.EvaluateAsync<JsonElement>(Ask, new { prompt, stream, stopAfter });
        return told.Deserialize<Told>(JsonSerializerOptions.Web)!;
    }

    private sealed record Told(int Status, string? Id, int Events, string Text, string? Finish, Problem? Error);

    private sealed record Problem(string Message);
}
