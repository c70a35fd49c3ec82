using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmGuard.AspNetCore.Tests.Doubles;

/// <summary>Sends requests as they are written, which HttpClient does not.</summary>
internal static class RawRequest
{
    /// <summary>The status of the answer to a text in a POST.</summary>
    public static Task<int> PostAsync(int port, string target, string text, string headers = "") => SendAsync(
        port,
        $"POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/plain\r\n{headers}Content-Length: {text.Length}\r\n\r\n{text}");

    /// <summary>The status of the answer to a request as it is.</summary>
    public static async Task<int> SendAsync(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync() ?? "";
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
