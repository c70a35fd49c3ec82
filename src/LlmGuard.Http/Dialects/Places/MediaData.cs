using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Unicode;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>Payloads given by value: those of a text type are read as text, which cannot be edited; all others are binary.</summary>
internal static class MediaData
{
    /// <summary>Adds the payload of a data URL (RFC 2397), given without its scheme.</summary>
    public static void AddDataUrl(JsonWalk walk, int token, ReadOnlyMemory<byte> rest, UninspectedKind kind, in PlaceContext context)
    {
        var comma = rest.Span.IndexOf((byte)',');
        if (comma < 0)
        {
            walk.Unknown(token, context);
            walk.Opaque(kind, context);
            return;
        }

        var header = Encoding.UTF8.GetString(rest.Span[..comma]).Trim();
        var isBase64 = header.EndsWith(";base64", StringComparison.OrdinalIgnoreCase);
        var mediaType = isBase64 ? header[..^7] : header;
        mediaType = mediaType.Length == 0 || mediaType[0] == ';' ? "text/plain" + mediaType : mediaType;
        if (isBase64)
        {
            // Percent-encoded base64 ("%2B", "%3D") is legal in a URL.
            var data = rest.Span[(comma + 1)..];
            AddBase64(walk, token, data.Contains((byte)'%') ? PercentDecoded(data) : data, mediaType, kind, context);
        }
        else
        {
            Add(walk, PercentDecoded(rest.Span[(comma + 1)..]), mediaType, kind, context);
        }
    }

    /// <summary>Adds a payload in base64. One that is not base64 is read as it stands, and reported as well.</summary>
    public static void AddBase64(JsonWalk walk, int token, ReadOnlySpan<byte> data, string? mediaType, UninspectedKind kind, in PlaceContext context)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(data.Length)];
        if (Base64.DecodeFromUtf8(data, bytes, out _, out var length) == OperationStatus.Done)
        {
            Add(walk, bytes.AsMemory(0, length), mediaType, kind, context);
            return;
        }

        walk.Unknown(token, context with { Editability = Editability.Opaque });
        walk.Opaque(IsText(mediaType) ? UninspectedKind.UndecodableText : kind, context);
    }

    private static void Add(JsonWalk walk, ReadOnlyMemory<byte> bytes, string? mediaType, UninspectedKind kind, in PlaceContext context)
    {
        if (!IsText(mediaType))
        {
            walk.Binary(kind, bytes, mediaType, null, context);
        }
        else if (IsUtf8(mediaType!) && Utf8.IsValid(bytes.Span))
        {
            var hasMark = bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]);
            walk.DecodedText(hasMark ? bytes[3..] : bytes, context with { Kind = context.Kind == SegmentKind.ToolResult
                ? context.Kind
                : SegmentKind.Document });
        }
        else
        {
            walk.Opaque(UninspectedKind.UndecodableText, context);
        }
    }

    private static byte[] PercentDecoded(ReadOnlySpan<byte> data)
    {
        var copy = data.ToArray();
        // UrlDecodeToBytes reads + as a space, which a data URL does not.
        return copy.AsSpan().Contains((byte)'+')
            ? WebUtility.UrlDecodeToBytes(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(copy).Replace("+", "%2B", StringComparison.Ordinal)), 0,
                copy.Length + (2 * copy.Count(b => b == '+')))
            : WebUtility.UrlDecodeToBytes(copy, 0, copy.Length);
    }

    private static bool IsText(string? mediaType)
    {
        var type = mediaType is null ? "" : mediaType.Split(';')[0].Trim().ToLowerInvariant();
        return type.StartsWith("text/", StringComparison.Ordinal)
            || type.EndsWith("+json", StringComparison.Ordinal)
            || type.EndsWith("+xml", StringComparison.Ordinal)
            || type is "application/json" or "application/xml" or "application/javascript" or "application/x-ndjson" or "application/jsonl"
                or "application/yaml" or "application/x-yaml" or "application/toml" or "application/sql" or "application/x-sh"
                or "application/csv" or "application/typescript" or "application/markdown";
    }

    private static bool IsUtf8(string mediaType)
    {
        var at = mediaType.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return at < 0 || mediaType[(at + 8)..].Split(';')[0].Trim(' ', '"').ToLowerInvariant() is "utf-8" or "utf8" or "us-ascii" or "ascii";
    }
}
