using System.Buffers;
using System.Text.Unicode;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Http.Wire.Streams.Live.Shapes;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Reads the events of one stream, each from its bytes into segments. Used by one thread at a time.</summary>
/// <param name="form">How the stream is cut into events.</param>
/// <param name="dialect">The dialect, or null: then the first event may tell it.</param>
/// <param name="limits">The plan's limits.</param>
internal sealed class LiveEventReader(StreamForm form, string? dialect, PlanLimits limits)
{
    private readonly JsonStreamState _state = new();
    private readonly ArrayBufferWriter<byte> _noted = new();
    private EventShape? _ofNoted;
    private StreamEventReader? _lines;
    private FramedEventReader? _messages;

    /// <summary>What the events share.</summary>
    public JsonStreamState State => _state;

    /// <summary>The dialect as far as it is known.</summary>
    public string? Dialect => _lines?.Dialect ?? dialect;

    /// <summary>The usage the provider reported so far.</summary>
    public TokenUsage? Usage
    {
        get
        {
            ReadNoted();
            return _lines?.Facts.Usage ?? _messages?.Facts.Usage;
        }
    }

    /// <summary>Whether clients stop reading here: nothing that a server sends after it is an answer to them.</summary>
    public bool IsDone(ReadOnlySpan<byte> frame) =>
        form == StreamForm.Events && frame.StartsWith("data:"u8) && frame[5..].Trim(" \t\r\n"u8).SequenceEqual("[DONE]"u8);

    /// <summary>Reads an event. Gives why it cannot be read, or null.</summary>
    public string? Read(LiveEvent read)
    {
        ReadNoted();
        if (form != StreamForm.AmazonEvents && !Utf8.IsValid(read.Raw))
        {
            return FailureReasons.Undecodable;
        }

        var segments = new GuardrailContentBuilder();
        var failed = form switch
        {
            StreamForm.AmazonEvents => ReadMessage(read, segments),
            StreamForm.Array => ReadItem(read, segments),
            _ => ReadLines(read, segments),
        };
        if (failed is { } why)
        {
            return why.Reason ?? FailureReasons.Undecodable;
        }

        read.Ended = _state.TakeEnded();
        read.Content = segments.Build();
        return null;
    }

    /// <summary>
    /// Takes note of an event of a known shape, which was not read. Those of one shape tell the same figures anew, so that only the last one counts.
    /// </summary>
    public void NoteUsage(EventShape shape, ReadOnlySpan<byte> frame)
    {
        if (shape != _ofNoted)
        {
            ReadNoted();
            _ofNoted = shape;
        }

        _noted.ResetWrittenCount();
        _noted.Write(shape.Json(frame));
    }

    // The texts were taken when it arrived.
    private void ReadNoted()
    {
        if (_ofNoted is null)
        {
            return;
        }

        _ofNoted = null;
        var options =
            new JsonReadOptions { Direction = JsonDirection.StreamEvent, Dialect = Dialect, Limits = limits, Stream = new JsonStreamState() };
        if (JsonBodyReader.Read(_noted.WrittenMemory, options, new GuardrailContentBuilder()).Body is { } json)
        {
            var facts = JsonReadBody.FactsOf(json, Dialect);
            _lines?.Add(facts);
            _messages?.Add(facts);
        }
    }

    private BodyReadResult? ReadMessage(LiveEvent read, GuardrailContentBuilder segments)
    {
        _messages ??= new FramedEventReader(_state, dialect, limits);
        _ = AmazonEventFrame.TryRead(read.Raw, AmazonEventFrame.MaxLength, out var frame);
        return _messages.ReadMessage(read.Raw, frame, 0, segments, read.Frames);
    }

    private BodyReadResult? ReadItem(LiveEvent read, GuardrailContentBuilder segments)
    {
        _messages ??= new FramedEventReader(_state, dialect, limits);
        var item = ArrayFraming.ItemOf(read.Raw);
        return item.Length == 0 ? null : _messages.ReadItem(item, read.Raw.AsMemory(item.Start, item.Length), segments, read.Frames);
    }

    private BodyReadResult? ReadLines(LiveEvent read, GuardrailContentBuilder segments)
    {
        var lines = Lines(read.Raw);
        read.IsEmpty = lines.Count == 0;
        if (read.IsEmpty)
        {
            return null;
        }

        _lines ??= new StreamEventReader(_state, dialect, form == StreamForm.Events, limits);
        var failed = _lines.Read(read.Raw, lines, segments, read.LineValues, out var carried);
        if (carried is not null)
        {
            read.Frames.Add(carried);
        }

        return failed;
    }

    private List<SseLine> Lines(byte[] raw)
    {
        if (form == StreamForm.Events)
        {
            var lines = SseLine.Split(raw);
            return lines.TrueForAll(static line => line.Field == SseField.End) ? [] : lines;
        }

        return [.. JsonLines.Split(raw).Select(SseLine.OfJson)];
    }
}
