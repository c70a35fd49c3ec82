using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using LlmGuard.Counters;
using Microsoft.Extensions.Options;

namespace LlmGuard.Redis.Client;

/// <summary>
/// The package's own client: one pipelined connection, opened when it is first needed and again when it broke. A server that is away or too slow is
/// left alone for a while, so that no request waits for what has just failed.
/// </summary>
internal sealed class RedisClient : IRedisScriptRunner, IDisposable
{
    private readonly RedisOptions _options;
    private readonly RedisEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly RedisPause _pause;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private RedisConnection? _connection;
    private Task<RedisConnection>? _connecting;

    public RedisClient(IOptions<RedisOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _pause = new RedisPause(time);
        _endpoint = RedisEndpoint.TryParse(_options.Endpoint, out var endpoint)
            ? endpoint
            : throw new ArgumentException("Not host:port.", nameof(options));
    }

    public async ValueTask<string?[]> RunAsync(
        RedisScript script,
        IReadOnlyList<string> keys,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var count = keys.Count.ToString(CultureInfo.InvariantCulture);
        var reply = await SendAsync(["EVALSHA", script.Hash, count], keys, arguments, started, cancellationToken).ConfigureAwait(false);
        if (reply.Error == "NOSCRIPT")
        {
            reply = await SendAsync(["EVAL", script.Text, count], keys, arguments, started, cancellationToken).ConfigureAwait(false);
        }

        return ValuesOf(reply);
    }

    public async ValueTask PingAsync(CancellationToken cancellationToken) =>
        ValuesOf(await SendAsync(["PING"], [], [], _time.GetTimestamp(), cancellationToken).ConfigureAwait(false));

    public void Dispose()
    {
        _stopping.Cancel();
        lock (_gate)
        {
            _connection?.Dispose();
        }
    }

    // READONLY, LOADING, OOM, MISCONF, NOPERM, BUSY, ...: whatever it is, nothing was counted.
    private static string?[] ValuesOf(in RespReply reply) =>
        reply.Error is null ? reply.Values : throw new CounterStoreException($"Redis refuses: {reply.Error}.");

    private async Task<RespReply> SendAsync(
        string[] command,
        IReadOnlyList<string> keys,
        IReadOnlyList<string> arguments,
        long started,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RedisConnection? connection = null;
        try
        {
            connection = Current() ?? await Connect().WaitAsync(Rest(started), _time, cancellationToken).ConfigureAwait(false);
            var reply = await connection.SendAsync(command, keys, arguments).WaitAsync(Rest(started), _time, cancellationToken).ConfigureAwait(false);
            _pause.End();
            return reply;
        }
        catch (TimeoutException)
        {
            // What comes next on a connection that answers too late could be as late.
            _pause.Begin();
            connection?.Fail("Redis is too slow.");
            throw new CounterStoreException("Redis is too slow.");
        }
    }

    private TimeSpan Rest(long started)
    {
        var rest = _options.CommandTimeout - _time.GetElapsedTime(started);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private RedisConnection? Current() => Volatile.Read(ref _connection) is { IsOpen: true } connection ? connection : null;

    /// <summary>Opens a connection, one for all callers.</summary>
    private Task<RedisConnection> Connect()
    {
        lock (_gate)
        {
            if (_connecting is null)
            {
                if (_pause.IsOn)
                {
                    return Task.FromException<RedisConnection>(new CounterStoreException("Redis was not there a moment ago."));
                }

                _connecting = OpenAsync();
            }

            return _connecting;
        }
    }

    private async Task<RedisConnection> OpenAsync()
    {
        // Not on the caller's thread, which holds the lock.
        await Task.Yield();
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, timeout.Token);
        RedisConnection? connection = null;
        try
        {
            connection = await RedisConnection.OpenAsync(_endpoint, _options, deadline.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (e is SocketException or IOException
            or AuthenticationException or OperationCanceledException or CounterStoreException)
        {
            _pause.Begin();
            throw e as CounterStoreException ?? new CounterStoreException("Redis is not there.", e);
        }
        finally
        {
            lock (_gate)
            {
                _connecting = null;
                Volatile.Write(ref _connection, connection);
                if (_stopping.IsCancellationRequested)
                {
                    connection?.Dispose();
                }
            }
        }
    }
}
