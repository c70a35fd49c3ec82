using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LlmGuard.GatewayCost;

/// <summary>HTTP/1.1 messages with a Content-Length, one after the other.</summary>
internal sealed class Messages(Socket socket)
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _filled;

    public static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    /// <summary>The head of the next message, whose body is passed over; null when there is none.</summary>
    public async ValueTask<string?> ReadAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8) + 4;
            if (end >= 4)
            {
                var head = Encoding.ASCII.GetString(_buffer, 0, end);
                var at = head.IndexOf("Content-Length:", StringComparison.OrdinalIgnoreCase) + 15;
                var left = end + int.Parse(head.AsSpan(at, head.IndexOf('\r', at) - at), CultureInfo.InvariantCulture) - _filled;
                while (left > 0)
                {
                    var read = await socket.ReceiveAsync(_buffer);
                    left -= read == 0 ? throw new InvalidOperationException("A message was cut.") : read;
                }

                // Nobody sends the next message before this one is answered.
                _filled = 0;
                return head;
            }

            var received = await socket.ReceiveAsync(_buffer.AsMemory(_filled));
            if (received == 0)
            {
                return null;
            }

            _filled += received;
        }
    }
}
