using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmGuard.Http.Refusals;

/// <summary>An answer that is an event stream, written event by event.</summary>
/// <param name="asLines">Whether every event is a line of JSON instead.</param>
internal sealed class EventStreamAnswer(bool asLines = false)
{
    private readonly ArrayBufferWriter<byte> _stream = new(1024);

    /// <summary>Adds an event that has data only.</summary>
    public EventStreamAnswer Add(Action<Utf8JsonWriter> write)
    {
        _stream.Write(asLines ? [] : "data: "u8);
        _stream.Write(JsonText.Write(write));
        _stream.Write(asLines ? "\n"u8 : "\n\n"u8);
        return this;
    }

    /// <summary>Adds an event whose data is an object with the event's name as its <c>type</c>; the other members are written.</summary>
    public EventStreamAnswer Add(string name, Action<Utf8JsonWriter> writeMembers)
    {
        _stream.Write(asLines ? [] : Encoding.ASCII.GetBytes($"event: {name}\n"));
        return Add(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, name);
            writeMembers(writer);
            writer.WriteEndObject();
        });
    }

    /// <summary>Adds the event by which OpenAI's streams end.</summary>
    public EventStreamAnswer AddDone()
    {
        _stream.Write(asLines ? [] : "data: [DONE]\n\n"u8);
        return this;
    }

    public DialectAnswer ToAnswer() => new(asLines ? "application/x-ndjson" : "text/event-stream", _stream.WrittenSpan.ToArray());
}
