using System.Text.Unicode;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>Reads a streamed answer that has been held whole: an event stream or JSON lines.</summary>
/// <remarks>
/// The events are read into segments of their own first, which <see cref="AssembledStream"/> then puts together, so that a text cut over many
/// events is one segment of the message.
/// </remarks>
internal sealed class EventStreamReader
{
    private readonly ReadOnlyMemory<byte> _stream;
    private readonly int _mostFrames;
    private readonly GuardrailContentBuilder _events = new();
    private readonly JsonStreamState _state = new();
    private readonly List<StreamFrame> _frames = [];
    private readonly Dictionary<int, TextSpan> _lineValues = [];
    private readonly StreamEventReader _reader;

    private EventStreamReader(ReadOnlyMemory<byte> stream, string? dialect, bool isEventStream, BodyReading reading)
    {
        _stream = stream;

        // Every event repeats the same envelope; the limit holds for what is left of it once equal texts count once.
        var limits = reading.Limits;
        _mostFrames = limits.MaxSegments;
        _reader = new StreamEventReader(_state, dialect, isEventStream, limits with { MaxSegments = Math.Max(limits.MaxSegments, stream.Length) });
    }

    /// <summary>Reads an event stream (HTML standard, section 9.2.6). Data without an empty line after it counts as an event too.</summary>
    public static BodyReadResult ReadEvents(ReadOnlyMemory<byte> stream, string? dialect, BodyReading reading)
    {
        if (!Utf8.IsValid(stream.Span))
        {
            return BodyReadResult.Malformed;
        }

        var reader = new EventStreamReader(stream, dialect, isEventStream: true, reading);
        var block = new List<SseLine>();
        foreach (var line in SseLine.Split(stream.Span))
        {
            block.Add(line);
            if (line.Field != SseField.End)
            {
                continue;
            }

            if (reader.Add(block) is { } failed)
            {
                return failed;
            }

            block = [];
        }

        return reader.Add(block) ?? reader.Finish(reading);
    }

    /// <summary>Reads JSON lines; one unreadable line refuses all.</summary>
    public static BodyReadResult ReadLines(ReadOnlyMemory<byte> stream, string? dialect, BodyReading reading)
    {
        var reader = new EventStreamReader(stream, dialect, isEventStream: false, reading);
        foreach (var span in JsonLines.Split(stream.Span))
        {
            if (reader.Add([SseLine.OfJson(span)]) is { } failed)
            {
                return failed;
            }
        }

        return reader.Finish(reading);
    }

    private BodyReadResult? Add(List<SseLine> lines)
    {
        if (lines.Count == 0)
        {
            return null;
        }

        var failed = _reader.Read(_stream, lines, _events, _lineValues, out var frame);
        if (failed is not null || frame is null)
        {
            return failed;
        }

        // An event costs far more than the bytes of an empty one.
        if (_frames.Count == _mostFrames)
        {
            return BodyReadResult.TooLarge;
        }

        _frames.Add(frame);
        return null;
    }

    private BodyReadResult Finish(BodyReading reading)
    {
        if (_state.Complete(_events) is { } failure)
        {
            return new BodyReadResult(null, failure.Reason, 400);
        }

        var content = AssembledStream.Assemble(_events.Build(), reading.Builder);
        return reading.HasTooManySegments
            ? BodyReadResult.TooLarge
            : BodyReadResult.Read(new HeldStreamBody(_stream, _frames, _lineValues, _state, content)
            {
                Composed = _reader.Facts with { Dialect = _reader.Dialect, Messages = 0, IsStreaming = true },
            });
    }
}
