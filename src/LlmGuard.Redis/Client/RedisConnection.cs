using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using LlmGuard.Counters;

namespace LlmGuard.Redis.Client;

/// <summary>
/// One connection. Commands of many callers go out together in as few writes as the socket allows, and are answered in their order. Once something
/// goes wrong the connection is of no use any more: everything that waits for it fails.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    /// <summary>Commands that may wait for their answers. Beyond that the server is too slow to be asked more.</summary>
    private const int MaxPending = 65_536;

    private readonly Stream _stream;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<RespReply>> _pending = new();
    private ArrayBufferWriter<byte> _outgoing = new(4096);
    private ArrayBufferWriter<byte> _flushing = new(4096);
    private bool _isFlushing;
    private CounterStoreException? _failure;

    private RedisConnection(Stream stream)
    {
        _stream = stream;
    }

    /// <summary>Whether it can still be used.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _failure is null;
            }
        }
    }

    /// <summary>Connects, and says who we are.</summary>
    public static async Task<RedisConnection> OpenAsync(RedisEndpoint endpoint, RedisOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls)
            {
                stream = await SecureAsync(stream, options.TlsOptions ?? new(), endpoint.Host, cancellationToken).ConfigureAwait(false);
            }

            var connection = new RedisConnection(stream);
            _ = connection.ReadAsync();
            await connection.GreetAsync(options, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command. The task ends with its answer, or fails with <see cref="CounterStoreException"/>.</summary>
    public Task<RespReply> SendAsync(ReadOnlySpan<string> first, IReadOnlyList<string> second, IReadOnlyList<string> third)
    {
        var answer = new TaskCompletionSource<RespReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_failure is not null || _pending.Count >= MaxPending)
            {
                return Task.FromException<RespReply>(_failure ?? new CounterStoreException("Too many commands wait for Redis."));
            }

            RespWriter.WriteCommand(_outgoing, first, second, third);
            _pending.Enqueue(answer);
            if (_isFlushing)
            {
                return answer.Task;
            }

            _isFlushing = true;
        }

        _ = FlushAsync();
        return answer.Task;
    }

    /// <summary>Ends the connection; what waits for it fails.</summary>
    public void Fail(string reason, Exception? cause = null)
    {
        TaskCompletionSource<RespReply>[] abandoned;
        CounterStoreException failure;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            failure = _failure = new CounterStoreException(reason, cause);
            abandoned = [.. _pending];
            _pending.Clear();
        }

        _stream.Dispose();
        foreach (var answer in abandoned)
        {
            answer.TrySetException(failure);
        }
    }

    public void Dispose() => Fail("The connection to Redis was closed.");

    private static async Task<Stream> SecureAsync(Stream stream, SslClientAuthenticationOptions tls, string host, CancellationToken cancellationToken)
    {
        // TargetHost is the one setting that has no default of use; the caller's instance is left as it is.
        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        var own = new SslClientAuthenticationOptions
        {
            TargetHost = string.IsNullOrEmpty(tls.TargetHost) ? host : tls.TargetHost,
            ApplicationProtocols = tls.ApplicationProtocols,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
            CipherSuitesPolicy = tls.CipherSuitesPolicy,
            ClientCertificateContext = tls.ClientCertificateContext,
            ClientCertificates = tls.ClientCertificates,
            EnabledSslProtocols = tls.EnabledSslProtocols,
            EncryptionPolicy = tls.EncryptionPolicy,
            LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
        };
        await secure.AuthenticateAsClientAsync(own, cancellationToken).ConfigureAwait(false);
        return secure;
    }

    private async Task GreetAsync(RedisOptions options, CancellationToken cancellationToken)
    {
        if (options.Password is { } password)
        {
            await CheckAsync(
                SendAsync(options.User is { } user ? ["AUTH", user, password] : ["AUTH", password], [], []),
                cancellationToken).ConfigureAwait(false);
        }

        if (options.Database != 0)
        {
            var database = options.Database.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await CheckAsync(SendAsync(["SELECT", database], [], []), cancellationToken).ConfigureAwait(false);
        }

        await CheckAsync(SendAsync(["PING"], [], []), cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckAsync(Task<RespReply> command, CancellationToken cancellationToken)
    {
        try
        {
            if ((await command.WaitAsync(cancellationToken).ConfigureAwait(false)).Error is { } code)
            {
                throw new CounterStoreException($"Redis refuses the connection: {code}.");
            }
        }
        catch (Exception e)
        {
            Fail("The connection to Redis was not established.", e);
            throw;
        }
    }

    private async Task FlushAsync()
    {
        // Callers that are about to send get the chance to, so that one write carries them all.
        await Task.Yield();
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_outgoing.WrittenCount == 0 || _failure is not null)
                    {
                        _isFlushing = false;
                        return;
                    }

                    (_outgoing, _flushing) = (_flushing, _outgoing);
                }

                await _stream.WriteAsync(_flushing.WrittenMemory).ConfigureAwait(false);
                _flushing.ResetWrittenCount();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            Fail("The connection to Redis broke.", e);
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        var (start, end) = (0, 0);
        try
        {
            while (true)
            {
                var read = await _stream.ReadAsync(buffer.AsMemory(end)).ConfigureAwait(false);
                if (read == 0)
                {
                    Fail("Redis closed the connection.");
                    return;
                }

                end += read;
                while (end > start && RespReader.TryRead(buffer.AsSpan(start, end - start), out var reply, out var consumed))
                {
                    start += consumed;
                    Answer(reply);
                }

                (start, end) = MakeRoom(ref buffer, start, end);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or InvalidDataException)
        {
            Fail("The connection to Redis broke.", e);
        }
    }

    private void Answer(in RespReply reply)
    {
        TaskCompletionSource<RespReply>? waiting;
        lock (_gate)
        {
            _pending.TryDequeue(out waiting);
        }

        if (waiting is null)
        {
            throw new InvalidDataException("The server answers what was not asked.");
        }

        waiting.TrySetResult(reply);
    }

    // An answer is bounded by its reader, and so is the buffer that holds it.
    private static (int Start, int End) MakeRoom(ref byte[] buffer, int start, int end)
    {
        var length = end - start;
        var target = length < buffer.Length ? buffer : new byte[buffer.Length * 2];
        buffer.AsSpan(start, length).CopyTo(target);
        buffer = target;
        return (0, length);
    }
}
