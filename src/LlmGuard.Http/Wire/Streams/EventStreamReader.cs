using System.Text;
using System.Text.Unicode;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>Reads a streamed answer that has been held whole: an event stream or JSON lines.</summary>
/// <remarks>
/// The events are read into segments of their own first, which <see cref="AssembledStream"/> then puts together, so that a text cut over many
/// events is one segment of the message.
/// </remarks>
internal sealed class EventStreamReader
{
    private readonly ReadOnlyMemory<byte> _stream;
    private readonly PlanLimits _limits;
    private readonly int _mostFrames;
    private readonly GuardrailContentBuilder _events = new();
    private readonly JsonStreamState _state = new();
    private readonly List<StreamFrame> _frames = [];
    private readonly Dictionary<int, TextSpan> _lineValues = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _textChannels = new(StringComparer.Ordinal);
    private readonly bool _isEventStream;
    private string? _dialect;
    private BodyFacts _facts;

    private EventStreamReader(ReadOnlyMemory<byte> stream, string? dialect, bool isEventStream, PlanLimits limits)
    {
        _stream = stream;
        _dialect = dialect;
        _isEventStream = isEventStream;

        // Every event repeats the same envelope; the limit holds for what is left of it once equal texts count once.
        _mostFrames = limits.MaxSegments;
        _limits = limits with { MaxSegments = Math.Max(limits.MaxSegments, stream.Length) };
    }

    /// <summary>Reads an event stream (HTML standard, section 9.2.6). Data without an empty line after it counts as an event too.</summary>
    public static BodyReadResult ReadEvents(ReadOnlyMemory<byte> stream, string? dialect, BodyReading reading)
    {
        if (!Utf8.IsValid(stream.Span))
        {
            return BodyReadResult.Malformed;
        }

        var reader = new EventStreamReader(stream, dialect, isEventStream: true, reading.Limits);
        var data = new List<SseLine>();
        var name = "";
        foreach (var line in SseLine.Split(stream.Span))
        {
            switch (line.Field)
            {
                case SseField.Data:
                    data.Add(line);
                    continue;
                case SseField.End:
                    if (reader.AddEvent(data, name) is { } failed)
                    {
                        return failed;
                    }

                    data = [];
                    name = "";
                    continue;
                case SseField.Event:
                    name = Encoding.UTF8.GetString(reader.Slice(line.Value).Span);
                    break;
            }

            reader.AddLine(line);
        }

        return reader.AddEvent(data, name) ?? reader.Finish(reading);
    }

    /// <summary>Reads JSON lines; one unreadable line refuses all.</summary>
    public static BodyReadResult ReadLines(ReadOnlyMemory<byte> stream, string? dialect, BodyReading reading)
    {
        var reader = new EventStreamReader(stream, dialect, isEventStream: false, reading.Limits);
        foreach (var span in JsonLines.Split(stream.Span))
        {
            var line = new SseLine(SseField.Unknown, span, span, false);
            if (reader.AddJson(new StreamFrame { Text = reader.Slice(span), Lines = [line] }) is { } failed)
            {
                return failed;
            }
        }

        return reader.Finish(reading);
    }

    private BodyReadResult? AddEvent(List<SseLine> data, string name)
    {
        if (data.Count == 0)
        {
            return null;
        }

        var frame = new StreamFrame { Text = Join(data), Lines = data };
        var text = frame.Text.Span.Trim(" \t\n"u8);
        if (text.IsEmpty || text.SequenceEqual("[DONE]"u8))
        {
            return null;
        }

        // Where the dialect is known an event that looks like an object is one, and a broken one is refused.
        if ((text[0] == '{' && _dialect is not null) || (text[0] is (byte)'{' or (byte)'[' or (byte)'"' && JsonSyntax.IsValue(frame.Text.Span)))
        {
            return AddJson(frame);
        }

        if (!_textChannels.TryGetValue(name, out var channel))
        {
            _textChannels.Add(name, channel = _events.Count);
        }

        if (_frames.Count == _mostFrames)
        {
            return BodyReadResult.TooLarge;
        }

        frame.Segment = _events.AddValidText(frame.Text, new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Message, Join = channel });
        _frames.Add(frame);
        return null;
    }

    private BodyReadResult? AddJson(StreamFrame frame)
    {
        // An event costs far more than the bytes of an empty one.
        if (_frames.Count == _mostFrames)
        {
            return BodyReadResult.TooLarge;
        }

        _dialect ??= _isEventStream ? StreamDialect.FromEvent(frame.Text.Span) : null;
        var result = JsonBodyReader.Read(
            frame.Text,
            new JsonReadOptions { Direction = JsonDirection.StreamEvent, Dialect = _dialect, Limits = _limits, Stream = _state },
            _events);
        if (result.Body is not { } json)
        {
            return BodyReadResult.Unreadable(result);
        }

        frame.Json = json;
        _frames.Add(frame);
        _facts = _facts.With(JsonReadBody.FactsOf(json, _dialect));
        return null;
    }

    /// <summary>Names, ids and comments: seldom shown to anybody, but on the wire. What is said many times is read once.</summary>
    private void AddLine(SseLine line)
    {
        var value = Slice(line.Value);
        var isFixed = line.Field is SseField.Event or SseField.Id;
        if (value.Span.IndexOfAnyExcept(" \t\0"u8) < 0
            || (line.Field == SseField.Retry && value.Span.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            || (isFixed && !_names.Add(Encoding.UTF8.GetString(value.Span))))
        {
            return;
        }

        var segment = _events.AddValidText(value, new SegmentInfo
        {
            Kind = SegmentKind.Metadata,
            Editability = isFixed ? Editability.Identifier : Editability.Span,
        });
        _lineValues.Add(segment, line.Value);
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
            : BodyReadResult.Read(new EventStreamBody(_stream, _frames, _lineValues, _state, content)
            {
                Facts = _facts with { Dialect = _dialect, Messages = 0, IsStreaming = true },
            });
    }

    private ReadOnlyMemory<byte> Slice(TextSpan span) => _stream.Slice(span.Start, span.Length);

    private ReadOnlyMemory<byte> Join(List<SseLine> data)
    {
        if (data.Count == 1)
        {
            return Slice(data[0].Value);
        }

        var joined = new byte[data.Sum(line => line.Value.Length) + data.Count - 1];
        var length = 0;
        foreach (var line in data)
        {
            if (length > 0 || line != data[0])
            {
                joined[length++] = (byte)'\n';
            }

            Slice(line.Value).CopyTo(joined.AsMemory(length));
            length += line.Value.Length;
        }

        return joined;
    }
}
