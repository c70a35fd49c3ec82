using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace LlmGuard.Redis.Client;

/// <summary>Writes commands in RESP, the protocol of Redis: an array of bulk strings.</summary>
internal static class RespWriter
{
    public static void WriteCommand(
        ArrayBufferWriter<byte> output,
        ReadOnlySpan<string> first,
        IReadOnlyList<string> second,
        IReadOnlyList<string> third)
    {
        WriteHeader(output, '*', first.Length + second.Count + third.Count);
        foreach (var part in first)
        {
            WriteBulk(output, part);
        }

        for (var i = 0; i < second.Count; i++)
        {
            WriteBulk(output, second[i]);
        }

        for (var i = 0; i < third.Count; i++)
        {
            WriteBulk(output, third[i]);
        }
    }

    private static void WriteBulk(ArrayBufferWriter<byte> output, string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteHeader(output, '$', length);
        var span = output.GetSpan(length + 2);
        Encoding.UTF8.GetBytes(value, span);
        "\r\n"u8.CopyTo(span[length..]);
        output.Advance(length + 2);
    }

    private static void WriteHeader(ArrayBufferWriter<byte> output, char type, int number)
    {
        var span = output.GetSpan(16);
        span[0] = (byte)type;
        Utf8Formatter.TryFormat(number, span[1..], out var digits);
        "\r\n"u8.CopyTo(span[(digits + 1)..]);
        output.Advance(digits + 3);
    }
}
