using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LlmGuard.GatewayCost;

/// <summary>Connections that post one request after the other; bytes that are ready, no client that would cost more than what is measured.</summary>
internal sealed class Load : IDisposable
{
    private readonly byte[][] _requests;
    private readonly Socket[] _sockets;
    private int _next;

    public Load(int port, byte[][] requests, int connections)
    {
        _requests = requests;
        _sockets = [.. Enumerable.Range(0, connections).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })];
        Array.ForEach(_sockets, s => s.Connect(IPAddress.Loopback, port));
    }

    /// <summary>Those of the requests that are not refused.</summary>
    public static byte[][] Answered(int port, byte[][] requests)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var messages = new Messages(socket);
        return [.. requests.Where(request => IsAnsweredAsync(socket, messages, request).GetAwaiter().GetResult())];
    }

    /// <summary>Number of requests in a time.</summary>
    public int Run(TimeSpan duration)
    {
        var (end, counts) = (Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency), new int[_sockets.Length]);
        Task.WaitAll([.. _sockets.Select((socket, i) => Task.Run(() => PostAsync(socket, end, counts, i)))]);
        return counts.Sum();
    }

    public void Dispose() => Array.ForEach(_sockets, static s => s.Dispose());

    private async Task PostAsync(Socket socket, long end, int[] counts, int which)
    {
        var messages = new Messages(socket);
        while (Stopwatch.GetTimestamp() < end)
        {
            if (!await IsAnsweredAsync(socket, messages, _requests[(uint)Interlocked.Increment(ref _next) % _requests.Length]))
            {
                throw new InvalidOperationException("The forwarder refused a request or went away; a refused request costs something else.");
            }

            counts[which]++;
        }
    }

    private static async Task<bool> IsAnsweredAsync(Socket socket, Messages messages, byte[] request)
    {
        await Messages.SendAsync(socket, request);
        return await messages.ReadAsync() is { } head && head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
    }
}
