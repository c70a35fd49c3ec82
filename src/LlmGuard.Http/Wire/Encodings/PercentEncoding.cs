using System.Buffers;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>Percent-encoding of URLs and forms. An incomplete escape stands for itself, as in the URL standard.</summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("%+"u8);
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    /// <summary>Decodes; the same memory when nothing is encoded.</summary>
    /// <param name="raw">The encoded bytes.</param>
    /// <param name="plusIsSpace">Whether <c>+</c> means a space, as in forms and queries.</param>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> raw, bool plusIsSpace)
    {
        if (!raw.Span.ContainsAny(Special))
        {
            return raw;
        }

        var decoded = new byte[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length;)
        {
            i += Next(raw.Span[i..], plusIsSpace, out decoded[length++]);
        }

        return decoded.AsMemory(0, length);
    }

    /// <summary>Where a span of the decoded bytes stands in the encoded ones.</summary>
    public static TextSpan ToRaw(ReadOnlySpan<byte> raw, TextSpan decoded)
    {
        var start = Skip(raw, 0, decoded.Start);
        return new TextSpan(start, Skip(raw, start, decoded.Length) - start);
    }

    /// <summary>Encodes every byte that is not unreserved (RFC 3986, section 2.3).</summary>
    public static byte[] Encode(ReadOnlySpan<byte> text)
    {
        var encoded = new ArrayBufferWriter<byte>(Math.Max(1, text.Length));
        foreach (var value in text)
        {
            if (Unreserved.Contains(value))
            {
                encoded.GetSpan(1)[0] = value;
                encoded.Advance(1);
                continue;
            }

            var target = encoded.GetSpan(3);
            target[0] = (byte)'%';
            target[1] = Hex(value >> 4);
            target[2] = Hex(value & 0xF);
            encoded.Advance(3);
        }

        return encoded.WrittenSpan.ToArray();
    }

    private static int Skip(ReadOnlySpan<byte> raw, int offset, int decodedBytes)
    {
        for (; decodedBytes > 0; decodedBytes--)
        {
            // What plus means does not change how long it is.
            offset += Next(raw[offset..], plusIsSpace: false, out _);
        }

        return offset;
    }

    private static int Next(ReadOnlySpan<byte> raw, bool plusIsSpace, out byte value)
    {
        if (raw[0] == '%' && raw.Length >= 3 && char.IsAsciiHexDigit((char)raw[1]) && char.IsAsciiHexDigit((char)raw[2]))
        {
            value = (byte)((FromHex(raw[1]) << 4) | FromHex(raw[2]));
            return 3;
        }

        value = raw[0] == '+' && plusIsSpace ? (byte)' ' : raw[0];
        return 1;
    }

    private static int FromHex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static byte Hex(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
}
