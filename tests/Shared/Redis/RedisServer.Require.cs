namespace LlmGuard.Tests.Redis;

internal sealed partial class RedisServer
{
    /// <summary>Ignores the test where there is no Redis, except in CI, which must bring it along.</summary>
    public static void Require()
    {
        var isThere =
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, "redis-server")));
        if (!isThere && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail("redis-server is not installed, which .ci/run should have done.");
        }

        if (!isThere)
        {
            Assert.Ignore("redis-server is not installed (apt-get install redis-server), and these tests talk to a real one.");
        }
    }
}
