using System.Net;
using System.Net.Sockets;

namespace LlmGuard.Tests.Net;

/// <summary>A port of this machine on which nobody listens, and nobody else can until it is given back.</summary>
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Address and port.</summary>
    public string Endpoint => _socket.LocalEndPoint!.ToString()!;

    public void Dispose() => _socket.Dispose();
}
