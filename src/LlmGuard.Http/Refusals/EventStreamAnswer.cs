using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Refusals;

/// <summary>An answer that is an event stream, written event by event.</summary>
/// <param name="form">How events are framed.</param>
/// <param name="hasBegun">Whether it goes on after events that have left, so that an array is open and not empty.</param>
internal sealed class EventStreamAnswer(StreamForm form = StreamForm.Events, bool hasBegun = false)
{
    private readonly ArrayBufferWriter<byte> _stream = new(1024);
    private bool _hasEvents = hasBegun;

    /// <summary>Adds an event that has data only.</summary>
    public EventStreamAnswer Add(Action<Utf8JsonWriter> write) => Add(JsonText.Write(write));

    /// <summary>Adds an event that has data only: one JSON text.</summary>
    public EventStreamAnswer Add(ReadOnlySpan<byte> json)
    {
        switch (form)
        {
            case StreamForm.Events:
                _stream.Write("data: "u8);
                _stream.Write(json);
                _stream.Write("\n\n"u8);
                break;
            case StreamForm.Array:
                _stream.Write(_hasEvents ? ",\r\n"u8 : "["u8);
                _stream.Write(json);
                break;
            case StreamForm.AmazonEvents:
                // Only one kind of Amazon's events holds events that a model's maker words.
                AmazonEventWriter.WriteEvent(_stream, "chunk", AmazonChunk.Of(json));
                break;
            default:
                _stream.Write(json);
                _stream.Write("\n"u8);
                break;
        }

        _hasEvents = true;
        return this;
    }

    /// <summary>Adds an event whose data is an object with the event's name as its <c>type</c>; the other members are written.</summary>
    public EventStreamAnswer Add(string name, Action<Utf8JsonWriter> writeMembers)
    {
        _stream.Write(form == StreamForm.Events ? Encoding.ASCII.GetBytes($"event: {name}\n") : []);
        return Add(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, name);
            writeMembers(writer);
            writer.WriteEndObject();
        });
    }

    /// <summary>Adds an event of a union: a binary message of AWS, or an object with the event as its member.</summary>
    public EventStreamAnswer AddMessage(string name, Action<Utf8JsonWriter> writeMembers)
    {
        if (form != StreamForm.AmazonEvents)
        {
            return Add(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject(name);
                writeMembers(writer);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }

        AmazonEventWriter.WriteEvent(_stream, name, JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }));
        return this;
    }

    /// <summary>Adds the event by which OpenAI's streams end.</summary>
    public EventStreamAnswer AddDone()
    {
        _stream.Write(form == StreamForm.Events ? "data: [DONE]\n\n"u8 : []);
        return this;
    }

    /// <summary>The answer; an array is closed by this, so it is asked for once.</summary>
    public DialectAnswer ToAnswer()
    {
        if (form == StreamForm.Array)
        {
            _stream.Write(_hasEvents ? "]"u8 : "[]"u8);
        }

        return new DialectAnswer(
            form switch
            {
                StreamForm.Lines => "application/x-ndjson",
                StreamForm.Array => "application/json",
                StreamForm.AmazonEvents => "application/vnd.amazon.eventstream",
                _ => "text/event-stream",
            },
            _stream.WrittenSpan.ToArray());
    }
}
