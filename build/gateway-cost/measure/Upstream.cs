using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmGuard.GatewayCost;

/// <summary>A server that takes anything and always answers the same.</summary>
internal sealed class Upstream : IDisposable
{
    private const string Answer =
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"message":{"role":"assistant",
        "content":"Certainly."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}
        """;

    private static readonly byte[] Response = Encoding.ASCII.GetBytes(FormattableString.Invariant(
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}"));

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Upstream()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        var messages = new Messages(socket);
        try
        {
            while (await messages.ReadAsync() is not null)
            {
                await Messages.SendAsync(socket, Response);
            }
        }
        catch (SocketException)
        {
            // The forwarder has been ended.
        }

        socket.Dispose();
    }
}
