using LlmGuard.Audit;
using LlmGuard.Execution.Background;
using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Integration.Tests.Leaks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Integration.Tests.Sinks;

/// <summary>What is given to those who asked for content, and that they hurt nobody, whatever they do with it.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class ContentSinkTests
{
    /// <summary>More calls than a sink is given at once.</summary>
    private const int ManyCalls = 40;

    private const string Masked = """{ "name": "tag", "stage": "post_response", "settings": { "tag": "M", "mask": "peach" } }""";
    private const string ReadsRequests = """, { "name": "tag", "stage": "pre_request" }""";

    [Test]
    public async Task Sink_BufferedCall_GetsBothSidesMaskedUnderTheIdOfTheAnswer()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var sink = new RecordingContentSink();
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("two peach trees")));
        await using var gateway = await StartAsync(upstream, Masked + ReadsRequests, [sink]);

        using var response = await gateway.Client.PostAsync(new Uri(Chat.Path, UriKind.Relative), Chat.Json(Chat.Request("a peach")), token);
        var delivered = await Chat.BodyAsync(response, token);
        var record = await sink.NextAsync(token);

        Assert.Multiple(() =>
        {
            Assert.That(delivered, Is.EqualTo(Chat.Answer("two peach trees")), "the masks of post_response are for the copies");
            Assert.That(upstream.Requests.Single().Text, Is.EqualTo(Chat.Request("a peach")));
            Assert.That(record.Id, Is.EqualTo(response.Headers.GetValues("X-Guardrail-Id").Single()));
            Assert.That(Texts(record.Request), Is.EqualTo(new[] { "a [M]" }));
            Assert.That(Texts(record.Response), Is.EqualTo(new[] { "two [M] trees" }));
            Assert.That(record.Ending, Is.EqualTo(CallEnding.Completed));
            Assert.That(sink.Count, Is.EqualTo(1));
            Assert.That($"{record}", Does.Not.Contain("[M]"), "not even its masked content is quoted by accident");
        });
    }

    [Test]
    public async Task Sink_StreamedCall_GetsTheWholeTextAsDeliveredAndMasked()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var sink = new RecordingContentSink();
        await using var upstream = await RecordingUpstream.StartAsync(static async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            foreach (var piece in new[] { "two pea", "ch tre", "es" })
            {
                await context.Response.WriteAsync(
                    $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"content":"{{{piece}}}"},"finish_reason":null}]}""" + "\n\n");
                await context.Response.Body.FlushAsync();
            }

            await context.Response.WriteAsync("data: [DONE]\n\n");
        });
        await using var gateway = await StartAsync(upstream, Masked, [sink]);

        var (_, body) = await gateway.Client.PostAsync(
            Chat.Path, """{"model":"m","stream":true,"messages":[{"role":"user","content":"a peach"}]}""", token);
        var record = await sink.NextAsync(token);

        Assert.That(body, Does.Contain("two pea").And.EndsWith("data: [DONE]\n\n"));
        Assert.That((string.Concat(Texts(record.Response)), record.Ending), Is.EqualTo(("two [M] trees", CallEnding.Completed)));
    }

    [Test]
    public async Task Sink_RequestThatNoEntryReads_GetsNothingOfIt()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var sink = new RecordingContentSink();
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await StartAsync(upstream, Masked, [sink]);

        await gateway.Client.PostAsync(Chat.Path, Chat.Request("a peach"), token);
        var record = await sink.NextAsync(token);

        Assert.That((record.Request.Count, Texts(record.Response).Single()), Is.EqualTo((0, "fine")));
    }

    [Test]
    public async Task Sink_BlockedCall_GetsTheRequestAndNoAnswer()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var sink = new RecordingContentSink();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, Masked + """, { "name": "tag", "stage": "pre_request", "settings": { "block": "plum" } }""", [sink]);

        var (status, _) = await gateway.Client.PostAsync(Chat.Path, Chat.Request("a peach and a plum"), token);
        var record = await sink.NextAsync(token);

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(403));
            Assert.That(Texts(record.Request), Is.EqualTo(new[] { "a [M] and a plum" }));
            Assert.That(record.Response.Count, Is.Zero);
            Assert.That(record.Ending, Is.EqualTo(CallEnding.Blocked));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Sink_Throws_TheCallerTheOtherSinkAndTheLogDoNotNotice(bool isAsynchronous)
    {
        var token = TestContext.CurrentContext.CancellationToken;
        using var logs = new CapturedLogs();
        var broken = new RecordingContentSink(async _ =>
        {
            if (isAsynchronous)
            {
                await Task.Yield();
            }

            throw new InvalidOperationException("quotes " + Marker.Text);
        });
        var sink = new RecordingContentSink();
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await StartAsync(upstream, Masked, [broken, sink], logs);
        for (var i = 0; i < 5; i++)
        {
            Assert.That(await gateway.Client.PostAsync(Chat.Path, Chat.Request(Marker.Text), token), Is.EqualTo((200, Chat.Answer("fine"))));
            Assert.That(Texts((await sink.NextAsync(token)).Response), Is.EqualTo(new[] { "fine" }));
        }

        Assert.That(
            await Poll.UntilAsync(() => logs.Written.Count(static l => l.Contains(nameof(RecordingContentSink), StringComparison.Ordinal)) == 5,
                token),
            "every record that is lost is said to be");
        Assert.That(logs.Written, Has.None.Contains(Marker.Text));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Sink_NeverReturns_CallersOtherSinksAndPostResponseGoOn(bool holdsItsThread)
    {
        var token = TestContext.CurrentContext.CancellationToken;
        using var end = new ManualResetEventSlim();
        var never = new TaskCompletionSource();
        var hangs = new RecordingContentSink(async _ =>
        {
            if (holdsItsThread)
            {
                end.Wait(CancellationToken.None);
            }

            await never.Task;
        });
        var audit = new RecordingAuditSink();
        var sink = new RecordingContentSink();
        await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
        await using var gateway = await StartAsync(upstream, Masked, [hangs, sink], audit: audit);
        try
        {
            for (var i = 0; i < ManyCalls; i++)
            {
                Assert.That(await gateway.Client.PostAsync(Chat.Path, Chat.Request("a peach"), token), Is.EqualTo((200, Chat.Answer("fine"))));
            }

            Assert.That(await Poll.UntilAsync(() => audit.Records.Count(IsLast) == ManyCalls, token), "every call has its last stage");
            Assert.That(await Poll.UntilAsync(() => sink.Count == ManyCalls, token), "the other sink is given every record");
            var budget = gateway.Services.GetRequiredService<HeldBytesBudget>();
            Assert.That(await Poll.UntilAsync(() => budget.Held == 0, token), "the hanging sink holds no room of the calls");
        }
        finally
        {
            end.Set();
            never.SetResult();
        }
    }

    private static Task<GuardedGateway> StartAsync(
        RecordingUpstream upstream, string entries, RecordingContentSink[] sinks, CapturedLogs? logs = null, RecordingAuditSink? audit = null) =>
        GuardedGateway.StartAsync(
            upstream,
            Chat.Gateway(entries),
            [new TagPlugin()],
            builder =>
            {
                foreach (var sink in sinks)
                {
                    builder.Services.AddSingleton<IGuardrailContentSink>(sink);
                }

                if (audit is not null)
                {
                    builder.Services.AddSingleton<IGuardrailAuditSink>(audit);
                }

                if (logs is not null)
                {
                    builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
                }
            },
            options: static o => o.MonitorDrainTimeout = TimeSpan.Zero);

    private static bool IsLast(GuardrailAuditRecord record) => record.Stage == GuardrailStage.PostResponse;

    private static IEnumerable<string> Texts(GuardrailContent content) =>
        content.Where(static s => s.Kind == SegmentKind.Message).Select(static s => s.Text);
}
