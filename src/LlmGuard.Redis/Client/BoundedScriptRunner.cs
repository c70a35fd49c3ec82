using LlmGuard.Counters;

namespace LlmGuard.Redis.Client;

/// <summary>Gives an application's own client the time limit that the package's client has.</summary>
internal sealed class BoundedScriptRunner(IRedisScriptRunner inner, TimeSpan timeout, TimeProvider time) : IRedisScriptRunner
{
    public async ValueTask<string?[]> RunAsync(
        RedisScript script,
        IReadOnlyList<string> keys,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken)
    {
        try
        {
            return await inner.RunAsync(script, keys, arguments, cancellationToken).AsTask().WaitAsync(
                timeout,
                time,
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new CounterStoreException("Redis is too slow.", e);
        }
    }

    public async ValueTask PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await inner.PingAsync(cancellationToken).AsTask().WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new CounterStoreException("Redis is too slow.", e);
        }
    }
}
