using LlmGuard.Counters;

namespace LlmGuard.Redis;

/// <summary>
/// What LlmGuard needs of a Redis client: running a script, and a sign of life. The package has a small client of its own behind it; an application
/// that has a connection already fills this with its own client in a few lines (see the package's README). Safe for concurrent use.
/// </summary>
public interface IRedisScriptRunner
{
    /// <summary>Runs a script: by its hash, and with its text when the server does not have it, as after a restart or <c>SCRIPT FLUSH</c>.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its keys, all in one hash slot of a cluster.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">The caller's cancellation; the script may have run all the same.</param>
    /// <returns>The elements of the array that the script answers, integers in decimal notation, null for nil.</returns>
    /// <exception cref="CounterStoreException">
    /// The server is not there, refuses, or takes too long. Other exceptions of a client are treated alike.
    /// </exception>
    ValueTask<string?[]> RunAsync(
        RedisScript script,
        IReadOnlyList<string> keys,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken);

    /// <summary>Asks the server for a sign of life.</summary>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    /// <exception cref="CounterStoreException">The server is not there, refuses, or takes too long.</exception>
    ValueTask PingAsync(CancellationToken cancellationToken);
}
