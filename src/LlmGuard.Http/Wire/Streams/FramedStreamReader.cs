using System.Text.Json;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>Reads a streamed answer that has been held whole and is framed by more than lines: binary messages of AWS, or one JSON array.</summary>
internal sealed class FramedStreamReader
{
    private readonly string? _dialect;
    private readonly int _mostPieces;
    private readonly GuardrailContentBuilder _events = new();
    private readonly JsonStreamState _state = new();
    private readonly List<StreamFrame> _pieces = [];
    private readonly FramedEventReader _reader;

    private FramedStreamReader(ReadOnlyMemory<byte> stream, string? dialect, PlanLimits limits)
    {
        _dialect = dialect;

        // As for event streams: the limit holds for what is left once equal texts count once.
        _mostPieces = limits.MaxSegments;
        _reader = new FramedEventReader(_state, dialect, limits with { MaxSegments = Math.Max(limits.MaxSegments, stream.Length) });
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

            if (reader._reader.ReadMessage(stream.Slice(start, frame.Length), frame, start, reader._events, reader._pieces) is { } failed)
            {
                return failed;
            }

            if (reader._pieces.Count > reader._mostPieces)
            {
                return BodyReadResult.TooLarge;
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
            if (reader._pieces.Count == reader._mostPieces)
            {
                return BodyReadResult.TooLarge;
            }

            if (reader._reader.ReadItem(span, stream.Slice(span.Start, span.Length), reader._events, reader._pieces) is { } failed)
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

    private BodyReadResult Finish(ReadOnlyMemory<byte> stream, BodyReading reading)
    {
        if (_state.Complete(_events) is { } failure)
        {
            return new BodyReadResult(null, failure.Reason, 400);
        }

        var content = AssembledStream.Assemble(_events.Build(), reading.Builder);
        return reading.HasTooManySegments
            ? BodyReadResult.TooLarge
            : BodyReadResult.Read(new HeldStreamBody(stream, _pieces, [], _state, content)
            {
                Composed = _reader.Facts with { Dialect = _dialect, Messages = 0, IsStreaming = true },
            });
    }
}
