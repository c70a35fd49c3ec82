using System.Text;
using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Tests.Redis;

namespace LlmGuard.Integration.Tests.Samples;

/// <summary>The limits of the example policy, as two gateways on one Redis enforce them together.</summary>
[TestFixture]
[CancelAfter(90_000)]
public sealed class GatewayLimitsTests
{
    private const string Keys = """{ "key-ann": { "consumer": "ann" }, "key-bob": { "consumer": "bob" } }""";

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task TwoGateways_OnOneRedis_CountTogetherPerConsumer()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        var keys = Path.GetTempFileName();
        await File.WriteAllTextAsync(keys, Keys, Token);
        string[] arguments = ["--policy", Path.Combine(SampleProcess.Directory("LlmGuard.Gateway"), "policy.limits.json"), "--api-keys", keys,
            "--redis", redis.Endpoint];
        var (one, first) = await SampleProcess.StartGatewayAsync(Token, arguments);
        await using var _ = one;
        using var __ = first;
        var (two, second) = await SampleProcess.StartGatewayAsync(Token, arguments);
        await using var ___ = two;
        using var ____ = second;

        var answers = new List<RawAnswer>();
        for (var i = 0; i < 10; i++)
        {
            answers.Add(await PostAsync(i % 2 == 0 ? first : second, "key-ann"));
        }

        var other = await PostAsync(first, "key-bob");
        File.Delete(keys);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(5), "five in ten seconds, wherever they arrive");
            Assert.That(answers.Count(a => a.Status == 429), Is.EqualTo(5));
            Assert.That(answers[^1].Head, Does.Contain("\r\nRetry-After: ").And.Contain("\r\nRateLimit-Policy: ").And.Contain("\r\nRateLimit: "));
            Assert.That(answers[^1].Body, Does.Contain("\"code\":\"rate_limiter\""));
            Assert.That(other.Status, Is.EqualTo(200), "everybody has limits of their own");
        }
    }

    [Test]
    public async Task Redis_GoesAway_TheGatewayCountsForItselfAndComesBack()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        var keys = Path.GetTempFileName();
        await File.WriteAllTextAsync(keys, Keys, Token);
        var (process, client) = await SampleProcess.StartGatewayAsync(
            Token, "--policy", Path.Combine(SampleProcess.Directory("LlmGuard.Gateway"), "policy.limits.json"), "--api-keys", keys,
                "--redis", redis.Endpoint);
        await using var _ = process;
        using var __ = client;

        var before = await PostAsync(client, "key-ann");
        await redis.KillAsync();
        var without = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            without.Add((await PostAsync(client, "key-ann")).Status);
        }

        await redis.StartAgainAsync();
        while (await redis.AskAsync("DBSIZE") is ["0"])
        {
            await PostAsync(client, "key-bob");
        }

        File.Delete(keys);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Status, Is.EqualTo(200));
            Assert.That(without.Count(s => s == 200), Is.EqualTo(5), "the limit holds in this process: " + string.Join(' ', without));
            Assert.That(without.Count(s => s == 429), Is.EqualTo(3));
        }
    }

    private static Task<RawAnswer> PostAsync(HttpClient gateway, string key) => RawHttp.SendAsync(
        gateway.BaseAddress!, "POST " + Chat.Path, Encoding.UTF8.GetBytes(Chat.Request("hello")),
            ["Content-Type: application/json", "X-Api-Key: " + key], Token);
}
