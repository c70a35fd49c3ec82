using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>Requests whose body no entry reads are not collected: the endpoint sees the first bytes before the caller has sent the last.</summary>
[Parallelizable(ParallelScope.All)]
public class StreamedRequestTests
{
    private const string First = """{"model":"m","messages":[{"role":"user",""";
    private const string Last = "\"content\":\"hi\"}]}";

    private static IEnumerable<TestCaseData> Policies()
    {
        yield return Of("no entries", """{ "gateway": { "name": "G" }, "allow_empty": true }""", GuardrailNeeds.Content);
        yield return Of("an entry that reads headers", Entry("""["pre_request"]"""), GuardrailNeeds.Headers);
        yield return Of("an entry that reads the path beside the endpoint", Entry("""["post_request"]"""), GuardrailNeeds.PathAndQuery);
        yield return Of("an entry that reads nothing", Entry("""["pre_request", "pre_response", "post_response"]"""), GuardrailNeeds.None);
        yield return Of("entries that read the answer", Entry("""["pre_response", "post_response"]"""), GuardrailNeeds.Content);
        yield return Of("monitors of the answer", Entry("""["pre_response", "post_response"], "mode": "monitor" """),
            GuardrailNeeds.Content | GuardrailNeeds.Usage);

        static string Entry(string stages) =>
            $$"""{ "gateway": { "name": "G", "required_plugins": [ { "name": "probe", "stage": {{stages}} } ] } }""";

        static TestCaseData Of(string name, string policy, GuardrailNeeds needs) => new TestCaseData(policy, needs).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Policies))]
    public async Task Request_BodyThatNoEntryReads_ReachesTheEndpointAsItIsSent(string policy, GuardrailNeeds needs)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await StartAsync(policy, needs, async c =>
        {
            var chunk = new byte[4096];
            var count = await c.Request.Body.ReadAsync(chunk);
            seen.SetResult(Encoding.UTF8.GetString(chunk, 0, count));
            return Encoding.UTF8.GetString(chunk, 0, count) + await new StreamReader(c.Request.Body).ReadToEndAsync();
        });
        using var caller = await Caller.BeginAsync(app.Port);

        Assert.That(await seen.Task.WaitAsync(TimeSpan.FromMinutes(1)), Is.EqualTo(First));
        Assert.That(await caller.EndAsync(), Does.StartWith("HTTP/1.1 200").And.Contain("{\"read\":" + (First + Last).Length + "}"));
    }

    [Test]
    public async Task Request_BodyThatAnEntryReads_IsCollectedFirst()
    {
        var hasRun = false;
        await using var app = await StartAsync(GuardedApp.Policy("probe", """["pre_request"]"""), GuardrailNeeds.Content, async c =>
        {
            hasRun = true;
            return await new StreamReader(c.Request.Body).ReadToEndAsync();
        });
        using var caller = await Caller.BeginAsync(app.Port);

        Assert.That(hasRun, Is.False);
        Assert.That(await caller.EndAsync(), Does.StartWith("HTTP/1.1 200").And.Contain("{\"read\":" + (First + Last).Length + "}"));
    }

    private static Task<GuardedApp> StartAsync(string policy, GuardrailNeeds needs, Func<HttpContext, Task<string>> read) => GuardedApp.StartAsync(
        policy,
        [ProbePlugin.Allowing(needs: needs)],
        e => e.MapPost("/v1/chat/completions", async (HttpContext c) =>
        {
            var text = await read(c);
            c.Response.ContentType = "application/json";
            await c.Response.WriteAsync($$"""{"read":{{text.Length}}}""");
        }));

    /// <summary>Sends a chunked body in two parts.</summary>
    private sealed class Caller : IDisposable
    {
        private readonly TcpClient _client = new();

        public static async Task<Caller> BeginAsync(int port)
        {
            var caller = new Caller();
            await caller._client.ConnectAsync(IPAddress.Loopback, port);
            await caller.WriteAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + Chunk(First));
            return caller;
        }

        public async Task<string> EndAsync()
        {
            await WriteAsync(Chunk(Last) + "0\r\n\r\n");
            using var reader = new StreamReader(_client.GetStream(), Encoding.UTF8);
            return await reader.ReadToEndAsync();
        }

        public void Dispose() => _client.Dispose();

        private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

        private Task WriteAsync(string text) => _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
    }
}
