using System.Net;
using System.Net.Sockets;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.Noma;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Tests;

/// <summary>The six symptoms of Noma's troubleshooting guide: each ends in a line that names the cause and the remedy.</summary>
public sealed class SymptomTests
{
    private const string Prefix = "[noma-runtime-protection] ";

    [Test]
    public void PluginMissing_OnThisNode_IsALoadErrorThatSaysWhatToAdd()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAiGuardrails(options => options.PolicyJson = """
            { "gateway": { "name": "G", "required_plugins": [ { "name": "noma_runtime_protection", "settings": { "api_key": "k" } } ] } }
            """);
        using var host = builder.Build();

        var problem = Assert.CatchAsync(async () => await host.StartAsync())!;

        Assert.That(problem.ToString(), Does.Contain("the plugin 'noma_runtime_protection' is not installed"));
        Assert.That(problem.ToString(), Does.Contain("add the package LlmGuard.Plugins.NomaRuntimeProtection and call .AddNomaRuntimeProtection()"));
    }

    [Test]
    public async Task EgressBlocked_RefusedConnections_SayWhatToAllow()
    {
        await using var judged = await Judged.StartAsync();
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var closed = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/");

        var verdict = await judged.Evaluator(endpoint: closed).EvaluateAsync(Judged.Call("text"), default);

        Assert.That(verdict.Failure!.Reason, Is.EqualTo(FailureReasons.Transport));
        AssertLine(judged, "Noma cannot be reached (transport)", "console stays empty", "Allow this egress on every node", "TCP port 443");
        Assert.That(judged.Log, Has.None.Contains(closed.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            "hosts and ports of the policy do not belong into logs");
    }

    [Test]
    public async Task EgressBlocked_PacketsDropped_IsToldFromASlowAnswer()
    {
        await using var judged = await Judged.StartAsync();

        // A listener whose backlog is full answers no handshake, like a firewall that drops.
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        var full = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            full.Add(socket);
            try
            {
                await socket.ConnectAsync(address, new CancellationTokenSource(TimeSpan.FromMilliseconds(100)).Token);
            }
            catch (OperationCanceledException)
            {
                // The backlog is full.
            }
        }

        var verdict = await judged.Evaluator(endpoint: new Uri($"http://127.0.0.1:{address.Port}/")).EvaluateAsync(Judged.Call("text"), default);

        full.ForEach(s => s.Dispose());
        Assert.That(verdict.Failure!.Reason, Is.EqualTo(FailureReasons.Timeout));
        AssertLine(judged, "Noma cannot be reached (timeout)", "Allow this egress on every node");
    }

    [Test]
    public async Task WrongSecret_ClientCredentials_SaysWhereToGetThem()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.JudgeAsync("text", $$""" "client_id": "{{FakeNoma.ClientId}}", "client_secret": "WRONG-SECRET" """);

        Assert.That(verdict.Failure!.Reason, Is.EqualTo(FailureReasons.Credentials));
        AssertLine(judged, "the token endpoint refused \"client_id\" and \"client_secret\" (HTTP 401)",
            "Copy both again from Noma's console (Settings > API Keys)");
        Assert.That(judged.Log, Has.None.Contains("WRONG-SECRET").And.None.Contains(FakeNoma.ClientId));
    }

    [Test]
    public async Task WrongKey_ApiKey_SaysWhereToGetIt()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync("text", """ "api_key": "WRONG-KEY" """);

        AssertLine(judged, "Noma refused the credentials", "Copy them again from Noma's console");
        Assert.That(judged.Log, Has.None.Contains("WRONG-KEY"));
    }

    [Test]
    public async Task WrongTokenUrl_ThatIsNoTokenEndpoint_NamesBothKnownOnes()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync("text", $$""" "client_id": "{{FakeNoma.ClientId}}", "client_secret": "{{FakeNoma.ClientSecret}}", "token_url": "{{judged.Fake.Address}}nowhere" """);

        AssertLine(judged, "\"token_url\" handed out no token", "<endpoint>/auth", "<endpoint>/v1/oauth/token");
    }

    [Test]
    public async Task TimeoutTooShort_SlowAnswer_SaysWhichTimeoutsToRaise()
    {
        await using var judged = await Judged.StartAsync();

        // On the connection that is there: to open one may take longer on a busy machine, and be told as another symptom.
        await judged.JudgeAsync("text");
        judged.Fake.Faults.Always = Fault.Hang;
        var call = new GuardrailCall(GuardrailStage.PreRequest,
            GuardrailContent.FromText("text", SegmentRole.User)) { Timeout = TimeSpan.FromMilliseconds(300) };

        var verdict = await judged.Evaluator().EvaluateAsync(call, default);

        Assert.That(verdict.Failure!.Reason, Is.EqualTo(FailureReasons.Timeout));
        AssertLine(judged, "\"timeout_ms\" (300 ms)", "raise \"timeout_ms\"", "every timeout of proxies and clients in front");
    }

    [Test]
    public async Task GenericApplication_NobodyKnown_SaysHowToNameIt()
    {
        await using var judged = await Judged.StartAsync();
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));
        var evaluator = judged.Evaluator();

        await evaluator.EvaluateAsync(call, default);
        await evaluator.EvaluateAsync(call, default);

        AssertLine(judged, "generic application id \"llmguard\"", "Set \"application_id\"", "identity source");
        Assert.That(judged.Log.Count(l => l.Contains("generic", StringComparison.Ordinal)), Is.EqualTo(1), "once a minute at most");
    }

    [Test]
    public async Task MonitorModeOn_UnsafeCall_SaysThatNothingIsBlockedAndHowToBlock()
    {
        await using var judged = await Judged.StartAsync();
        var call = new GuardrailCall(GuardrailStage.PreRequest,
            GuardrailContent.FromText("MARKER " + FakeNoma.Unsafe, SegmentRole.User)) { IsMonitor = true, Caller = new GuardrailCaller("alice") };

        await judged.Evaluator().EvaluateAsync(call, default);

        AssertLine(judged, "monitor mode is on", "nothing is blocked or masked", "\"mode\": \"enforce\"");
        AssertLine(judged, "this call would have been blocked (harmfulContent)");
        Assert.That(judged.Log, Has.None.Contains("MARKER"));
    }

    [Test]
    public async Task CleanCall_Enforced_LogsNothing()
    {
        await using var judged = await Judged.StartAsync();

        await judged.JudgeAsync("text");

        Assert.That(judged.Log, Has.None.StartsWith(Prefix));
    }

    private static void AssertLine(Judged judged, params string[] parts)
    {
        var line =
            judged.Log.Where(l => l.StartsWith(Prefix, StringComparison.Ordinal)).FirstOrDefault(l => l.Contains(parts[0], StringComparison.Ordinal));
        Assert.That(line, Is.Not.Null, "no line with: " + parts[0] + "\nin:\n" + string.Join('\n', judged.Log));
        foreach (var part in parts)
        {
            Assert.That(line, Does.Contain(part));
        }
    }
}
