using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Http.Wire.Heads;
using LlmGuard.Http.Wire.Streams;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire;

/// <summary>Reads HTTP messages of any kind into segments.</summary>
internal static class WireReader
{
    private const GuardrailNeeds BodyNeeds = GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics | GuardrailNeeds.Usage;

    /// <summary>Reads a request.</summary>
    /// <param name="head">What surrounds the body.</param>
    /// <param name="body">The decoded body; empty when there is none. Stays alive and unchanged while the message is in use.</param>
    /// <param name="hasBody">Whether there is a body, even an empty one.</param>
    /// <param name="needs">Which segments are wanted: <c>Content</c> for the body (<c>BodyMetrics</c> and <c>Usage</c> need it read too),
    /// <c>Headers</c>, <c>PathAndQuery</c>.</param>
    /// <param name="limits">Limits of the plan.</param>
    /// <param name="memory">What the content lives in and is gone with; null for content that lives as long as somebody refers to it.</param>
    public static WireReadResult ReadRequest(
        WireHead head, ReadOnlyMemory<byte> body, bool hasBody, GuardrailNeeds needs, PlanLimits limits, ContentMemory? memory = null) =>
        Read(head, body, hasBody, needs, limits, memory, isResponse: false);

    /// <summary>Reads a response; a streamed one (SSE, NDJSON) that has been held is given whole.</summary>
    /// <inheritdoc cref="ReadRequest"/>
    public static WireReadResult ReadResponse(
        WireHead head, ReadOnlyMemory<byte> body, bool hasBody, GuardrailNeeds needs, PlanLimits limits, ContentMemory? memory = null) =>
        Read(head, body, hasBody, needs, limits, memory, isResponse: true);

    /// <summary>
    /// Whether a request's body is one side of a conversation (gRPC, CONNECT): nobody can read it, and it may not end before the answer does.
    /// </summary>
    /// <param name="head">What surrounds the body.</param>
    /// <param name="dialect">The dialect that the policy names, or null.</param>
    public static bool IsConversation(WireHead head, string? dialect) =>
        head.Method == "CONNECT"
        || (MediaType.NamesGrpc(head.ContentType) && dialect is null && DialectRegistry.FromPath(head.Method, head.RawPath) is null);

    /// <summary>Whether an answer is the other side of one.</summary>
    /// <param name="head">What surrounds the body.</param>
    public static bool IsAnswerOfConversation(WireHead head) =>
        (head.Method == "CONNECT" && (int?)head.Status is >= 200 and < 300) || MediaType.NamesGrpc(head.ContentType);

    private static WireReadResult Read(
        WireHead head, ReadOnlyMemory<byte> body, bool hasBody, GuardrailNeeds needs, PlanLimits limits, ContentMemory? memory, bool isResponse)
    {
        var builder = new GuardrailContentBuilder(memory);
        var reading = new BodyReading { Builder = builder, Limits = limits, IsResponse = isResponse };
        if (HeadSegments.Read(head, needs, builder) is not { } headSegments)
        {
            return Unreadable(BodyReadResult.MalformedAs("its path, query or headers are not text"), isResponse);
        }

        var dialect = head.Dialect ?? DialectRegistry.FromPath(head.Method, head.RawPath);
        var result = BodyReadResult.Read(OpaqueBody.Instance);
        if ((needs & BodyNeeds) != 0)
        {
            result = isResponse ? ReadResponseBody(head, body, dialect, reading) : ReadRequestBody(head, body, hasBody, dialect, reading);
        }

        if (result.Body is not { } read)
        {
            return Unreadable(result, isResponse);
        }

        if (reading.HasTooManySegments)
        {
            return Unreadable(BodyReadResult.TooLarge, isResponse);
        }

        var facts = read.Facts;
        return WireReadResult.Read(new HttpWireMessage(head, headSegments, read)
        {
            Content = builder.Build(),
            Dialect = facts.Dialect ?? dialect,
            Model = isResponse ? facts.Model : RequestTarget.Model(head.RawPath)?.Name ?? facts.Model,
            IsStreaming = facts.IsStreaming || (!isResponse && DialectRegistry.IsStreamed(dialect, head.RawPath)),
            CreatesServerState = facts.CreatesServerState,
            JsonDepth = facts.JsonDepth,
            Messages = facts.Messages,
            AsksForUsage = facts.AsksForUsage,
            Asks = facts.Asks ?? AnswerSize.Unstated,
            Conversation = facts.Conversation,
            Usage = facts.Usage,
            ReplyTo = facts.ReplyTo,
        });
    }

    private static BodyReadResult ReadRequestBody(WireHead head, ReadOnlyMemory<byte> body, bool hasBody, string? dialect, BodyReading reading)
    {
        if (!TryReadType(head, out var type))
        {
            return hasBody
                ? BodyReadResult.MalformedAs("its Content-Type is stated twice or cannot be read")
                : BodyReadResult.Read(OpaqueBody.Instance);
        }

        // A chat route is read as what it is, whatever its Content-Type claims.
        var isGrpc = dialect is null && type is { IsGrpc: true };
        if (isGrpc || IsTunnel(head))
        {
            reading.Builder.AddOpaque(UninspectedKind.Tunnel, new SegmentInfo());
            if (isGrpc)
            {
                return BodyReadResult.Read(OpaqueBody.Instance);
            }
        }

        if (!hasBody)
        {
            return BodyReadResult.Read(OpaqueBody.Instance);
        }

        if (dialect is null)
        {
            return TypedBody.Read(body, type, reading, new SegmentInfo());
        }

        return type is { IsUtf8: false } ? BodyReadResult.UnsupportedCharset : JsonReadBody.Read(body, reading, dialect);
    }

    private static BodyReadResult ReadResponseBody(WireHead head, ReadOnlyMemory<byte> body, string? dialect, BodyReading reading)
    {
        var status = (int?)head.Status ?? 200;
        if (status == 101 || (head.Method == "CONNECT" && status is >= 200 and < 300))
        {
            reading.Builder.AddOpaque(UninspectedKind.Tunnel, new SegmentInfo());
            return BodyReadResult.Read(OpaqueBody.Instance);
        }

        if (head.Method == "HEAD" || status is < 200 or 204 or 304)
        {
            // Such answers have no content; bytes there were framed by somebody who reads HTTP differently.
            return body.IsEmpty ? BodyReadResult.Read(OpaqueBody.Instance) : BodyReadResult.Malformed;
        }

        if (!TryReadType(head, out var type))
        {
            return BodyReadResult.Malformed;
        }

        if (type is { IsGrpc: true })
        {
            reading.Builder.AddOpaque(UninspectedKind.Tunnel, new SegmentInfo());
            return BodyReadResult.Read(OpaqueBody.Instance);
        }

        if (body.IsEmpty)
        {
            return BodyReadResult.Read(OpaqueBody.Instance);
        }

        if (type is { IsAmazonEvents: true } || AmazonEventFrame.IsStartOf(body.Span))
        {
            return FramedStreamReader.ReadMessages(body, dialect, reading);
        }

        if (type is { IsUtf8: false, Binary: null })
        {
            return BodyReadResult.UnsupportedCharset;
        }

        // Clients of a known dialect read what they asked for, whatever the answer is called.
        if (dialect is not null && head.IsStreaming && StreamStart.MayMislead(type)
            && StreamStart.TryTell(body.Span, dialect, out var form) && form is not null)
        {
            return form switch
            {
                StreamForm.Array => FramedStreamReader.ReadArray(body, dialect, reading),
                StreamForm.AmazonEvents => FramedStreamReader.ReadMessages(body, dialect, reading),
                StreamForm.Lines => EventStreamReader.ReadLines(body, dialect, reading),
                _ => EventStreamReader.ReadEvents(body, dialect, reading),
            };
        }

        if (type is { IsEventStream: true } || (dialect is not null && type is not { IsJson: true } && LooksLikeEvents(body.Span)))
        {
            return EventStreamReader.ReadEvents(body, dialect, reading);
        }

        if (type is { IsJsonLines: true })
        {
            return EventStreamReader.ReadLines(body, dialect, reading);
        }

        // JSON has no byte order mark, and what some parser takes off another one may not.
        if (dialect is not null && body.Span.StartsWith("\uFEFF"u8) && JsonSyntax.StartsLikeContainer(body.Span[3..]))
        {
            return BodyReadResult.Malformed;
        }

        if (dialect is not null && (type is { IsJson: true } || (type is not { IsMultipart: true } && JsonSyntax.StartsLikeContainer(body.Span))))
        {
            return ReadDialectResponse(body, type, dialect, reading);
        }

        return TypedBody.Read(body, type, reading, new SegmentInfo { Role = SegmentRole.Assistant });
    }

    private static BodyReadResult ReadDialectResponse(ReadOnlyMemory<byte> body, MediaType? type, string dialect, BodyReading reading)
    {
        if (DialectRegistry.Find(dialect) is { StreamsAsArray: true } && body.Span.TrimStart(" \t\r\n"u8) is [(byte)'[', ..])
        {
            return FramedStreamReader.ReadArray(body, dialect, reading);
        }

        if (type is { IsJson: true } || JsonSyntax.IsValue(body.Span))
        {
            return JsonReadBody.Read(body, reading, dialect);
        }

        if (AreLines(body))
        {
            return EventStreamReader.ReadLines(body, dialect, reading);
        }

        // Values in a row that are no lines: a client that parses them one by one joins texts which, read as one raw text, nobody would join.
        return JsonSyntax.BeginsSeveral(body.Span)
            ? BodyReadResult.Malformed
            : TypedBody.Read(body, type, reading, new SegmentInfo { Role = SegmentRole.Assistant });
    }

    // On its own: what captures the body would be made for every answer, nearly all of which are JSON as a whole.
    private static bool AreLines(ReadOnlyMemory<byte> body) => JsonLines.Split(body.Span) is { Count: > 1 } lines
        && lines.TrueForAll(line => JsonSyntax.IsValue(body.Span.Slice(line.Start, line.Length)));

    private static bool LooksLikeEvents(ReadOnlySpan<byte> body)
    {
        body = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        body = body.TrimStart("\r\n"u8);
        return body.StartsWith("data:"u8) || body.StartsWith("event:"u8)
            || body.StartsWith(":"u8) || body.StartsWith("id:"u8) || body.StartsWith("retry:"u8)
            || body.IndexOf("\ndata:"u8) >= 0 || body.IndexOf("\rdata:"u8) >= 0;
    }

    /// <summary>Reads the one Content-Type of a message; false when there are several, whether they agree or not.</summary>
    private static bool TryReadType(WireHead head, out MediaType? type)
    {
        type = null;
        var stated = head.ContentType;
        var count = 0;
        for (var i = 0; i < head.Headers.Count; i++)
        {
            var (name, value) = head.Headers[i];
            if (name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            {
                count++;
                stated ??= value;
            }
        }

        return count <= 1 && MediaType.TryParse(stated, out type);
    }

    private static bool IsTunnel(WireHead head)
    {
        // By index here and above: every request comes by, and a list seen through its interface makes an enumerator for each.
        for (var i = 0; i < head.Headers.Count; i++)
        {
            var name = head.Headers[i].Key;
            if (name.Equals("upgrade", StringComparison.OrdinalIgnoreCase) || name.Equals(":protocol", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return head.Method == "CONNECT";
    }

    private static WireReadResult Unreadable(BodyReadResult result, bool isResponse) => WireReadResult.Unreadable(
        isResponse ? FailureClass.Output : FailureClass.Input,
        result.Reason ?? FailureReasons.Undecodable,
        isResponse ? 502 : result.StatusCode) with { Detail = isResponse ? null : result.Detail, IsTooDeep = result.IsTooDeep };
}
