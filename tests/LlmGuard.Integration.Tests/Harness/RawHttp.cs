using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LlmGuard.Integration.Tests.Harness;

/// <summary>Sends requests byte by byte as a test wrote them, so that nothing tidies them up on the way.</summary>
internal static class RawHttp
{
    /// <summary>Sends one request on a connection of its own and reads the whole answer.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="start">Method and target.</param>
    /// <param name="body">The body, or null for none.</param>
    /// <param name="headers">Further header lines, without line ends. A Content-Length is added unless one of them frames the body.</param>
    /// <param name="cancellationToken">Bounds the wait.</param>
    public static async Task<RawAnswer> SendAsync(Uri server, string start, byte[]? body, string[] headers, CancellationToken cancellationToken)
    {
        var head = new StringBuilder($"{start} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n");
        foreach (var header in headers)
        {
            head.Append(header).Append("\r\n");
        }

        var isChunked = headers.Any(static h => h.StartsWith("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        if (body is not null && !isChunked)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Host, server.Port, cancellationToken);
        var stream = connection.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), cancellationToken);
            if (body is not null)
            {
                await stream.WriteAsync(isChunked ? Chunked(body) : body, cancellationToken);
            }
        }
        catch (IOException)
        {
            // A server may answer and close before it has read everything; the answer is what counts.
        }

        try
        {
            await stream.CopyToAsync(answer, cancellationToken);
        }
        catch (IOException) when (answer.Length > 0)
        {
            // The same: reset after the answer.
        }

        return RawAnswer.Parse(answer.ToArray());
    }

    private static byte[] Chunked(byte[] body)
    {
        var framed = new MemoryStream();
        foreach (var chunk in body.Chunk(4096))
        {
            framed.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            framed.Write(chunk);
            framed.Write("\r\n"u8);
        }

        framed.Write("0\r\n\r\n"u8);
        return framed.ToArray();
    }
}

/// <summary>An answer as it came.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    public static RawAnswer Parse(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            throw new InvalidOperationException($"The server closed the connection after {bytes.Length} bytes, before the end of the head.");
        }

        return new RawAnswer(int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }
}
