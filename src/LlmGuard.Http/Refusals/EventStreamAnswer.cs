using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Streams.Live;

namespace LlmGuard.Http.Refusals;

/// <summary>An answer that is an event stream, written event by event.</summary>
/// <param name="form">How events are framed.</param>
internal sealed class EventStreamAnswer(StreamForm form = StreamForm.Events)
{
    private readonly ArrayBufferWriter<byte> _stream = new(1024);

    /// <summary>Adds an event that has data only.</summary>
    public EventStreamAnswer Add(Action<Utf8JsonWriter> write)
    {
        _stream.Write(form == StreamForm.Events ? "data: "u8 : []);
        _stream.Write(JsonText.Write(write));
        _stream.Write(form == StreamForm.Events ? "\n\n"u8 : "\n"u8);
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

    public DialectAnswer ToAnswer() => new(form == StreamForm.Lines ? "application/x-ndjson" : "text/event-stream", _stream.WrittenSpan.ToArray());
}
