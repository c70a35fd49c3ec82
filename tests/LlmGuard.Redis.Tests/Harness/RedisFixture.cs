using LlmGuard.Tests.Redis;

namespace LlmGuard.Redis.Tests.Harness;

/// <summary>Tests on one Redis server of their own.</summary>
public abstract class RedisFixture
{
    private RedisServer? _server;

    private protected RedisServer Server => _server!;

    [OneTimeSetUp]
    public async Task StartServerAsync()
    {
        RedisServer.Require();
        _server = await RedisServer.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopServerAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
