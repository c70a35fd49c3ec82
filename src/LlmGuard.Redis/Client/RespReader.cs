using System.Buffers.Text;
using System.Text;

namespace LlmGuard.Redis.Client;

/// <summary>An answer of the server: the elements of an array, a single value as an array of one, or an error.</summary>
/// <param name="Values">The values.</param>
/// <param name="Error">The code of the error, such as <c>NOSCRIPT</c>; null when there is none. Its text may quote what was sent and is not
/// kept.</param>
internal readonly record struct RespReply(string?[] Values, string? Error);

/// <summary>
/// Reads answers in RESP2 from a buffer that may end anywhere. What no script of ours answers is refused, so that sizes stay bounded.
/// </summary>
internal static class RespReader
{
    public const int MaxElements = 4096;
    public const int MaxBulkBytes = 1024 * 1024;

    /// <summary>Reads one answer. False when it is not all there yet.</summary>
    /// <exception cref="InvalidDataException">This is not RESP2, or not what our commands are answered with.</exception>
    public static bool TryRead(ReadOnlySpan<byte> input, out RespReply reply, out int consumed)
    {
        reply = default;
        consumed = 0;
        if (!TryLine(input, 0, out var line, out var next))
        {
            return false;
        }

        switch (line[0])
        {
            case (byte)'-':
                reply = new RespReply([], CodeOf(line[1..]));
                consumed = next;
                return true;
            case (byte)'*':
                return TryReadArray(input, Number(line[1..], MaxElements), next, out reply, out consumed);
            default:
                if (!TryReadValue(input, 0, out var value, out next))
                {
                    return false;
                }

                reply = new RespReply([value], null);
                consumed = next;
                return true;
        }
    }

    private static bool TryReadArray(ReadOnlySpan<byte> input, int count, int next, out RespReply reply, out int consumed)
    {
        reply = default;
        consumed = 0;
        var values = new string?[Math.Max(0, count)];
        for (var i = 0; i < values.Length; i++)
        {
            if (!TryReadValue(input, next, out values[i], out next))
            {
                return false;
            }
        }

        reply = new RespReply(values, null);
        consumed = next;
        return true;
    }

    private static bool TryReadValue(ReadOnlySpan<byte> input, int start, out string? value, out int next)
    {
        value = null;
        if (!TryLine(input, start, out var line, out next))
        {
            return false;
        }

        switch (line[0])
        {
            case (byte)'+' or (byte)':':
                value = Encoding.UTF8.GetString(line[1..]);
                return true;
            case (byte)'$':
                var length = Number(line[1..], MaxBulkBytes);
                if (length < 0)
                {
                    return true;
                }

                if (input.Length - next < length + 2)
                {
                    return false;
                }

                value = Encoding.UTF8.GetString(input.Slice(next, length));
                next += length + 2;
                return true;
            default:
                throw new InvalidDataException("The server answers with a type that was not asked for.");
        }
    }

    private static bool TryLine(ReadOnlySpan<byte> input, int start, out ReadOnlySpan<byte> line, out int next)
    {
        var length = input[start..].IndexOf("\r\n"u8);
        line = length < 0 ? default : input.Slice(start, length);
        next = start + length + 2;
        return length switch
        {
            > 0 => true,
            < 0 when input.Length - start <= MaxBulkBytes => false,
            _ => throw new InvalidDataException("The server does not answer in RESP2."),
        };
    }

    private static int Number(ReadOnlySpan<byte> digits, int most) =>
        Utf8Parser.TryParse(digits, out int number, out var read) && read == digits.Length && number >= -1 && number <= most
            ? number
            : throw new InvalidDataException("The server answers with a length out of bounds.");

    // "NOSCRIPT No matching script.": the first word, if it looks like a code at all.
    private static string CodeOf(ReadOnlySpan<byte> error)
    {
        var space = error.IndexOf((byte)' ');
        var code = space < 0 ? error : error[..space];
        return code.Length is > 0 and <= 32 && !code.ContainsAnyExceptInRange((byte)'A', (byte)'Z') ? Encoding.ASCII.GetString(code) : "ERR";
    }
}
