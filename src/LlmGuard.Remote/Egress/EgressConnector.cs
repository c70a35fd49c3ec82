using System.Net;
using System.Net.Sockets;

namespace LlmGuard.Remote.Egress;

/// <summary>
/// Connects to addresses that were looked at after the name was resolved: what is checked is what is connected to, so that a name cannot lead
/// elsewhere the second time.
/// </summary>
internal static class EgressConnector
{
    /// <summary>The <see cref="SocketsHttpHandler.ConnectCallback"/> of judges on public addresses.</summary>
    public static ValueTask<Stream> ConnectPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint, static host => Dns.GetHostAddressesAsync(host), EgressRules.IsPublic, cancellationToken);

    /// <summary>Resolves, checks and connects.</summary>
    /// <param name="target">Host and port.</param>
    /// <param name="resolve">Resolves the host; an address literal resolves to itself.</param>
    /// <param name="isAllowed">Whether an address may be connected to.</param>
    /// <param name="cancellationToken">The connect timeout.</param>
    /// <exception cref="EgressRefusedException">None of the addresses is allowed.</exception>
    /// <exception cref="SocketException">The name does not resolve, or nothing listens.</exception>
    public static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint target,
        Func<string, Task<IPAddress[]>> resolve,
        Func<IPAddress, bool> isAllowed,
        CancellationToken cancellationToken)
    {
        var addresses = await resolve(target.Host).WaitAsync(cancellationToken).ConfigureAwait(false);
        var allowed = Array.FindAll(addresses, address => isAllowed(address));
        if (allowed.Length == 0)
        {
            throw addresses.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new EgressRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The array, not the name: nothing is resolved again.
            await socket.ConnectAsync(allowed, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The destination is not on a public address.</summary>
internal sealed class EgressRefusedException() : IOException("The destination's address is not public.");
