using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>Reads a streamed answer that has been held whole and is framed by more than lines: binary messages of AWS, or one JSON array.</summary>
internal sealed class FramedStreamReader
{
    private readonly string? _dialect;
    private readonly PlanLimits _limits;
    private readonly int _mostPieces;
    private readonly GuardrailContentBuilder _events = new();
    private readonly JsonStreamState _state = new();
    private readonly List<FramedPiece> _pieces = [];
    private readonly Dictionary<string, int> _textChannels = new(StringComparer.Ordinal);
    private BodyFacts _facts;

    private FramedStreamReader(ReadOnlyMemory<byte> stream, string? dialect, PlanLimits limits)
    {
        _dialect = dialect;

        // As for event streams: the limit holds for what is left once equal texts count once.
        _mostPieces = limits.MaxSegments;
        _limits = limits with { MaxSegments = Math.Max(limits.MaxSegments, stream.Length) };
    }

    /// <summary>Reads binary messages (<c>application/vnd.amazon.eventstream</c>); one with a wrong checksum, or cut, refuses all.</summary>
    public static BodyReadResult ReadMessages(ReadOnlyMemory<byte> stream, string? dialect, BodyReading reading)
    {
        var reader = new FramedStreamReader(stream, dialect, reading.Limits);
        for (var start = 0; start < stream.Length;)
        {
            var status = AmazonEventFrame.TryRead(stream.Span[start..], AmazonEventFrame.MaxLength, out var frame);
            if (status != AmazonEventStatus.Complete)
            {
                return status == AmazonEventStatus.TooLarge ? BodyReadResult.TooLarge : BodyReadResult.Malformed;
            }

            if (reader.AddMessage(stream.Slice(start, frame.Length), frame, start) is { } failed)
            {
                return failed;
            }

            start += frame.Length;
        }

        return reader.Finish(stream, reading);
    }

    /// <summary>Reads a JSON array whose items are the events.</summary>
    public static BodyReadResult ReadArray(ReadOnlyMemory<byte> stream, string? dialect, BodyReading reading)
    {
        var reader = new FramedStreamReader(stream, dialect, reading.Limits);
        if (Items(stream.Span) is not { } items)
        {
            return BodyReadResult.Malformed;
        }

        foreach (var span in items)
        {
            if (reader.AddJson(span, stream.Slice(span.Start, span.Length), static text => text) is { } failed)
            {
                return failed;
            }
        }

        return reader.Finish(stream, reading);
    }

    private static List<TextSpan>? Items(ReadOnlySpan<byte> array)
    {
        var items = new List<TextSpan>();
        var reader = new Utf8JsonReader(array);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                items.Add(new TextSpan(start, (int)reader.BytesConsumed - start));
            }

            return reader.Read() ? null : items;
        }
        catch (JsonException)
        {
            // Cut or not JSON: the answer cannot be read.
            return null;
        }
    }

    private BodyReadResult? AddMessage(ReadOnlyMemory<byte> message, AmazonEventFrame frame, int start)
    {
        var headers = message.Slice(frame.Headers.Start, frame.Headers.Length);
        var payload = message.Slice(frame.Payload.Start, frame.Payload.Length);
        var span = new TextSpan(start, frame.Length);

        // What an unmodelled error says stands in a header.
        var error = AmazonEventHeaders.Text(headers.Span, ":error-message"u8);
        if (!error.IsEmpty)
        {
            _events.AddValidText(error.ToArray(), new SegmentInfo { Kind = SegmentKind.Error, Editability = Editability.Opaque });
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

        if (!JsonSyntax.IsValue(payload.Span))
        {
            return _dialect is null ? AddText(span, payload, Framed, headers.Span) : BodyReadResult.Malformed;
        }

        // The payload of a chunk is an event in base64 inside of JSON.
        if (AmazonChunk.TryRead(payload, out var chunk))
        {
            return AddJson(span, chunk.Envelope, Framed)
                ?? (JsonSyntax.IsValue(chunk.Event.Span)
                    ? AddJson(span, chunk.Event, text => Framed(chunk.With(text)))
                    : AddText(span, chunk.Event, text => Framed(chunk.With(text)), headers.Span));
        }

        return AddJson(span, payload, Framed);
    }

    private BodyReadResult? AddJson(TextSpan span, ReadOnlyMemory<byte> text, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> frame)
    {
        if (_pieces.Count == _mostPieces)
        {
            return BodyReadResult.TooLarge;
        }

        var options = new JsonReadOptions { Direction = JsonDirection.StreamEvent, Dialect = _dialect, Limits = _limits, Stream = _state };
        var result = JsonBodyReader.Read(text, options, _events);
        if (result.Body is not { } json)
        {
            return BodyReadResult.Unreadable(result);
        }

        _pieces.Add(new FramedPiece(span, text, frame) { Json = json });
        _facts = _facts.With(JsonReadBody.FactsOf(json, _dialect));
        return null;
    }

    private BodyReadResult? AddText(TextSpan span, ReadOnlyMemory<byte> text, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> frame, ReadOnlySpan<byte> headers)
    {
        if (_pieces.Count == _mostPieces)
        {
            return BodyReadResult.TooLarge;
        }

        if (!Utf8.IsValid(text.Span))
        {
            _events.AddBinary(UninspectedKind.File, text, null, null, new SegmentInfo { Role = SegmentRole.Assistant });
            return null;
        }

        var name = Encoding.UTF8.GetString(AmazonEventHeaders.Text(headers, ":event-type"u8));
        if (!_textChannels.TryGetValue(name, out var channel))
        {
            _textChannels.Add(name, channel = _events.Count);
        }

        var segment = _events.AddValidText(text, new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Message, Join = channel });
        _pieces.Add(new FramedPiece(span, text, frame) { Segment = segment });
        return null;
    }

    private BodyReadResult Finish(ReadOnlyMemory<byte> stream, BodyReading reading)
    {
        if (_state.Complete(_events) is { } failure)
        {
            return new BodyReadResult(null, failure.Reason, 400);
        }

        var content = AssembledStream.Assemble(_events.Build(), reading.Builder);
        return reading.HasTooManySegments
            ? BodyReadResult.TooLarge
            : BodyReadResult.Read(new FramedStreamBody(stream, _pieces, _state, content)
            {
                Facts = _facts with { Dialect = _dialect, Messages = 0, IsStreaming = true },
            });
    }
}
