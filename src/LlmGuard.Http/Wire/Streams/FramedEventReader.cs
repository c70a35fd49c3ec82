using System.Buffers;
using System.Text;
using System.Text.Unicode;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>Reads the events of one stream that is framed by more than lines, in their order, into segments.</summary>
/// <param name="state">What the events share.</param>
/// <param name="dialect">The dialect, or null.</param>
/// <param name="limits">The plan's limits.</param>
internal sealed class FramedEventReader(JsonStreamState state, string? dialect, PlanLimits limits)
{
    /// <summary>What the events say about the call.</summary>
    public BodyFacts Facts { get; private set; }

    /// <summary>Takes note of what an event said that was not read here.</summary>
    public void Add(in BodyFacts facts) => Facts = Facts.With(facts);

    /// <summary>Reads an item of a JSON array.</summary>
    public BodyReadResult? ReadItem(TextSpan span, ReadOnlyMemory<byte> text, GuardrailContentBuilder segments, List<StreamFrame> pieces) =>
        AddJson(span, text, static text => text, segments, pieces);

    /// <summary>Reads a binary message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="frame">Where its parts stand.</param>
    /// <param name="start">Where it stands in what pieces are told by.</param>
    /// <param name="segments">Gets the segments.</param>
    /// <param name="pieces">Gets the texts that may be replaced.</param>
    /// <returns>Why it cannot be read, or null.</returns>
    public BodyReadResult? ReadMessage(
        ReadOnlyMemory<byte> message, AmazonEventFrame frame, int start, GuardrailContentBuilder segments, List<StreamFrame> pieces)
    {
        var headers = message.Slice(frame.Headers.Start, frame.Headers.Length);
        var payload = message.Slice(frame.Payload.Start, frame.Payload.Length);
        var span = new TextSpan(start, frame.Length);

        // What an unmodelled error says stands in a header.
        var error = AmazonEventHeaders.Text(headers.Span, ":error-message"u8);
        if (!error.IsEmpty)
        {
            segments.AddValidText(error.ToArray(), new SegmentInfo { Kind = SegmentKind.Error, Editability = Editability.Opaque });
        }

        if (payload.IsEmpty)
        {
            return null;
        }

        ReadOnlyMemory<byte> Framed(ReadOnlyMemory<byte> text)
        {
            var output = new ArrayBufferWriter<byte>(AmazonEventFrame.Overhead + headers.Length + text.Length);
            AmazonEventWriter.Write(output, headers.Span, text.Span);
            return output.WrittenMemory;
        }

        if (!JsonSyntax.IsValue(payload.Span) || !Utf8.IsValid(payload.Span))
        {
            return dialect is null ? AddText(span, payload, Framed, headers.Span, segments, pieces) : BodyReadResult.Malformed;
        }

        // The payload of a chunk is an event in base64 inside of JSON.
        if (AmazonChunk.TryRead(payload, out var chunk))
        {
            return AddJson(span, chunk.Envelope, Framed, segments, pieces)
                ?? (JsonSyntax.IsValue(chunk.Event.Span)
                    ? AddJson(span, chunk.Event, text => Framed(chunk.With(text)), segments, pieces)
                    : AddText(span, chunk.Event, text => Framed(chunk.With(text)), headers.Span, segments, pieces));
        }

        return AddJson(span, payload, Framed, segments, pieces);
    }

    private BodyReadResult? AddJson(
        TextSpan span,
        ReadOnlyMemory<byte> text,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> frame,
        GuardrailContentBuilder segments,
        List<StreamFrame> pieces)
    {
        var options = new JsonReadOptions { Direction = JsonDirection.StreamEvent, Dialect = dialect, Limits = limits, Stream = state };
        var result = JsonBodyReader.Read(text, options, segments);
        if (result.Body is not { } json)
        {
            return BodyReadResult.Unreadable(result);
        }

        pieces.Add(new FramedPiece(span, frame) { Text = text, Json = json });
        Facts = Facts.With(JsonReadBody.FactsOf(json, dialect));
        return null;
    }

    private BodyReadResult? AddText(
        TextSpan span,
        ReadOnlyMemory<byte> text,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> frame,
        ReadOnlySpan<byte> headers,
        GuardrailContentBuilder segments,
        List<StreamFrame> pieces)
    {
        if (!Utf8.IsValid(text.Span))
        {
            segments.AddBinary(UninspectedKind.File, text, null, null, new SegmentInfo { Role = SegmentRole.Assistant });
            return null;
        }

        var name = Encoding.UTF8.GetString(AmazonEventHeaders.Text(headers, ":event-type"u8));
        var segment =
            segments.AddValidText(text, new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Message,
            Join = JsonStreamState.JoinOf(state.JoinSlot(new StreamChannel(-1, -1, "text of " + name))) });
        pieces.Add(new FramedPiece(span, frame) { Text = text, Segment = segment });
        return null;
    }
}
