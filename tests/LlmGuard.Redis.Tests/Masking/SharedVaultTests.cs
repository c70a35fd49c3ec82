using LlmGuard.Redis.Tests.Harness;
using LlmGuard.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Redis.Tests.Masking;

/// <summary>Machines of one fleet: what one masked, another one restores, for the same caller's same conversation.</summary>
[TestFixture]
public sealed class SharedVaultTests : RedisFixture
{
    private const string Asked = "I am joe@example.com";

    private static readonly SegmentInfo Words = new() { Role = SegmentRole.Assistant, Kind = SegmentKind.Message };

    [Test]
    public async Task Answer_OnAnotherMachine_IsRestored_ForNobodyElse()
    {
        await using var here = Machine();
        await using var there = Machine();
        var masked = await AskAsync(here, "alice", "one");
        Assert.That(masked, Does.Match("^I am \\[EMAIL_[A-Z]{16}\\]$"));
        Assert.That(await AnswerAsync(there, "alice", "one", masked), Is.EqualTo(Asked));
        Assert.That(await AnswerAsync(there, "alice", "two", masked), Is.EqualTo(masked), "another conversation");
        Assert.That(await AnswerAsync(there, "bob", "one", masked), Is.EqualTo(masked), "another caller");
        Assert.That(await AskAsync(there, "alice", "one"), Is.EqualTo(masked), "the same placeholder everywhere");
    }

    [Test]
    public async Task Answer_OnAMachineWithAnotherSecret_StaysMasked()
    {
        await using var here = Machine();
        await using var there = Machine("fedcba9876543210");
        var masked = await AskAsync(here, "alice", "secret");
        Assert.That(await AnswerAsync(there, "alice", "secret", masked), Is.EqualTo(masked));
    }

    [Test]
    public async Task Redis_HoldsNeitherTextNorNames()
    {
        await using var here = Machine();
        await AskAsync(here, "alice", "hidden");
        foreach (var key in await Server.AskAsync("KEYS", "*"))
        {
            var all = key + string.Concat(await Server.AskAsync("HGETALL", key!));
            Assert.That(all, Does.Not.Contain("joe").And.Not.Contain("alice").And.Not.Contain("hidden").And.Not.Contain("am9l"));
        }
    }

    [Test]
    public async Task Redis_IsAway_TheCallRestoresItsOwn()
    {
        var server = await RedisServer.StartAsync();
        await using var here = Machine(endpoint: server.Endpoint);
        await server.DisposeAsync();
        await using var call = here.GetRequiredService<IAiGuardrails>().Begin(Options("alice", "one"));
        var masked = (await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText(Asked, SegmentRole.User))).Content[0].Text;
        Assert.That(masked, Does.Not.Contain("joe"));
        Assert.That((await call.EvaluateAsync(GuardrailStage.PreResponse, Answer(masked))).Content[0].Text, Is.EqualTo(Asked));
    }

    private static async Task<string> AskAsync(ServiceProvider machine, string caller, string conversation)
    {
        await using var call = machine.GetRequiredService<IAiGuardrails>().Begin(Options(caller, conversation));
        return (await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText(Asked, SegmentRole.User))).Content[0].Text;
    }

    // A later turn: something else is asked, and the model speaks of what it was told before.
    private static async Task<string> AnswerAsync(ServiceProvider machine, string caller, string conversation, string answer)
    {
        await using var call = machine.GetRequiredService<IAiGuardrails>().Begin(Options(caller, conversation));
        await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("Who am I?", SegmentRole.User));
        return (await call.EvaluateAsync(GuardrailStage.PreResponse, Answer(answer))).Content[0].Text;
    }

    private static GuardedCallOptions Options(string caller, string conversation) =>
        new() { Caller = new GuardrailCaller(caller), Conversation = conversation };

    private static GuardrailContent Answer(string text)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(text, Words);
        return builder.Build();
    }

    private ServiceProvider Machine(string secret = "0123456789abcdef", string? endpoint = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(o => o.PolicyJson = $$"""
            { "gateway": { "required_plugins": [ { "name": "data_masking", "id": "mask",
              "settings": { "apply_all": true, "reversible_hashing": { "enabled": true, "secret": "{{secret}}" } } } ] },
              "consumers": [ { "name": "alice" }, { "name": "bob" } ] }
            """).AddDataMasking().AddRedis(endpoint ?? Server.Endpoint, static redis => redis.CommandTimeout = TimeSpan.FromSeconds(10));
        return services.BuildServiceProvider();
    }
}
