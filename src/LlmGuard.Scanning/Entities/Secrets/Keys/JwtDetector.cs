using System.Buffers.Text;
using System.Text.Unicode;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>JSON web tokens: base64url parts with points, of which the first two start like an encoded JSON object.</summary>
internal sealed class JwtDetector : Detector
{
    private const int Longest = 8192;
    private const int MinPart = 8;

    public override int MaxLength => Longest + 4;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value == 'e';

    public override IEnumerable<Opening> Openings => [new(Opening.Exactly('e'), Opening.Exactly('y'), Opening.Exactly('J'), IsBase64Url)];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = at;
        end = StartsObject(ref text, at) ? PartEnd(ref text, at, at) : at;
        if (end - at < MinPart || text[end] != '.' || !StartsObject(ref text, end + 1))
        {
            return false;
        }

        if (!IsObject(text.Bytes[at..end]))
        {
            return false;
        }

        var second = end + 1;
        end = PartEnd(ref text, second, at);
        if (end - second < MinPart)
        {
            return false;
        }

        // A text may show a token without its signature.
        if (text[end] != '.')
        {
            return IsObject(text.Bytes[second..end]);
        }

        // The signature, absent in unsigned tokens; encrypted ones have two more parts.
        end = PartEnd(ref text, end + 1, at);
        for (var part = 0; part < 2 && text[end] == '.' && IsBase64Url(text[end + 1]); part++)
        {
            end = PartEnd(ref text, end + 1, at);
        }

        return true;
    }

    // Whether the part decodes to text that ends as an object does. Of a long one only the start and the end are read.
    private static bool IsObject(ReadOnlySpan<byte> part)
    {
        part = part.TrimEnd((byte)'=');
        Span<byte> decoded = stackalloc byte[192];
        var tail = part.Length % 4 == 0 ? 4 : part.Length % 4;
        if (tail < 2 || !TryDecode(part[^tail..], decoded, out var written) || decoded[..written].TrimEnd("\r\n \0"u8) is [.., not (byte)'}'])
        {
            return false;
        }

        return TryDecode(part[..Math.Min(part.Length, 256)], decoded, out written) && !decoded[..written].ContainsAnyInRange((byte)0x0E, (byte)0x1F)
            && !decoded[..Math.Min(written, 64)].ContainsAnyInRange((byte)0xF8, (byte)0xFF) && (written > 180 || Utf8.IsValid(decoded[..written]));
    }

    private static bool TryDecode(ReadOnlySpan<byte> part, Span<byte> decoded, out int written) =>
        Base64Url.DecodeFromUtf8(part, decoded, out _, out written) == System.Buffers.OperationStatus.Done;

    private static bool StartsObject(ref ScanText text, int at) => text[at] == 'e' && text[at + 1] == 'y' && text[at + 2] == 'J';

    private static int PartEnd(ref ScanText text, int part, int token)
    {
        var end = part;
        while (end - token < Longest && IsBase64Url(text[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsBase64Url(int b) => AsciiByte.IsAlphanumeric(b) || b is '-' or '_' or '=';
}
