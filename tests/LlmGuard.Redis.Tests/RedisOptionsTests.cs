using LlmGuard.Counters;
using LlmGuard.Redis.Client;
using LlmGuard.Redis.Counters;
using LlmGuard.Redis.Tests.Harness;
using LlmGuard.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LlmGuard.Redis.Tests;

[TestFixture]
public sealed class RedisOptionsTests
{
    private static readonly TestCaseData[] Bad =
    [
        new((Action<RedisOptions>)(o => o.Endpoint = "localhost"), "Endpoint"),
        new((Action<RedisOptions>)(o => o.Endpoint = "localhost:0"), "Endpoint"),
        new((Action<RedisOptions>)(o => o.Endpoint = "redis://host:6379"), "Endpoint"),
        new((Action<RedisOptions>)(o => o.Endpoint = "::1:6379"), "Endpoint"),
        new((Action<RedisOptions>)(o => o.User = "me"), "Password"),
        new((Action<RedisOptions>)(o => o.Database = -1), "Database"),
        new((Action<RedisOptions>)(o => o.KeyPrefix = ""), "KeyPrefix"),
        new((Action<RedisOptions>)(o => o.CommandTimeout = TimeSpan.Zero), "CommandTimeout"),
        new((Action<RedisOptions>)(o => o.ConnectTimeout = TimeSpan.FromHours(1)), "ConnectTimeout"),
        new((Action<RedisOptions>)(o => o.LeaseRequests = 0), "LeaseRequests"),
        new((Action<RedisOptions>)(o => o.LeaseLifetime = TimeSpan.FromMilliseconds(1)), "LeaseLifetime"),
    ];

    [TestCaseSource(nameof(Bad))]
    public void AddRedis_OptionOutOfRange_NamesTheOption(Action<RedisOptions> configure, string option)
    {
        using var services = Services(b => b.AddRedis("localhost:6379", configure));
        Assert.That(
            () => services.GetRequiredService<ICounterStore>(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(option));
    }

    [TestCase("localhost:6379", "localhost", 6379)]
    [TestCase("10.0.0.1:1", "10.0.0.1", 1)]
    [TestCase("[::1]:65535", "::1", 65535)]
    public void Endpoint_HostAndPort_AreTakenApart(string text, string host, int port)
    {
        Assert.That(RedisEndpoint.TryParse(text, out var endpoint), Is.True);
        Assert.That(endpoint, Is.EqualTo(new RedisEndpoint(host, port)));
    }

    [Test]
    public void AddRedis_Twice_TheLastEndpointCounts()
    {
        using var services = Services(b => b.AddRedis("one:1").AddRedis("two:2"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(services.GetRequiredService<IOptions<RedisOptions>>().Value.Endpoint, Is.EqualTo("two:2"));
            Assert.That(services.GetServices<ICounterStore>().Count(), Is.EqualTo(1));
            Assert.That(services.GetRequiredService<ICounterStore>(), Is.TypeOf<RedisCounterStore>());
        }
    }

    [Test]
    public void AddRedis_WithChargesInAdvance_UsesThem()
    {
        using var services = Services(b => b.AddRedis("one:1", o => o.LeaseRequests = 20));
        Assert.That(services.GetRequiredService<ICounterStore>(), Is.TypeOf<LeasingCounterStore>());
    }

    [Test]
    public async Task AddRedis_WithAClientOfTheApplication_RunsScriptsThroughIt()
    {
        RedisServer.Require();
        await using var server = await RedisServer.StartAsync();
        using var client = Stores.Client(server.Endpoint);
        using var services = Services(b => b.AddRedis(_ => client));
        var limit = Limits.Of(CounterAlgorithm.SlidingWindow, 1);
        var store = services.GetRequiredService<ICounterStore>();
        Assert.That((await store.ChargeAsync(limit), await store.ChargeAsync(limit)), Is.EqualTo((true, false)));
    }

    [Test]
    public void Charge_ThroughAClientThatThrowsWhatItLikes_IsAFailureOfTheStore()
    {
        using var services = Services(b => b.AddRedis(_ => new Broken()));
        Assert.That(
            async () => await services.GetRequiredService<ICounterStore>().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)),
            Throws.InstanceOf<CounterStoreException>().With.Message.Not.Contains("secret"));
    }

    [Test]
    public void Charge_ThroughAClientThatHangs_EndsWithTheCommandTimeout()
    {
        using var services = Services(b => b.AddRedis(_ => new Hanging(), o => o.CommandTimeout = TimeSpan.FromMilliseconds(20)));
        Assert.That(
            async () => await services.GetRequiredService<ICounterStore>().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)),
            Throws.InstanceOf<CounterStoreException>().With.Message.Contains("too slow"));
    }

    private static ServiceProvider Services(Action<IAiGuardrailsBuilder> add)
    {
        var services = new ServiceCollection();
        add(services.AddAiGuardrails());
        return services.BuildServiceProvider();
    }

    private sealed class Broken : IRedisScriptRunner
    {
        public ValueTask<string?[]> RunAsync(
            RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<string> arguments,
            CancellationToken cancellationToken) =>
            throw new NotSupportedException("secret");

        public ValueTask PingAsync(CancellationToken cancellationToken) => throw new NotSupportedException("secret");
    }

    private sealed class Hanging : IRedisScriptRunner
    {
        public async ValueTask<string?[]> RunAsync(
            RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return [];
        }

        public async ValueTask PingAsync(CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
