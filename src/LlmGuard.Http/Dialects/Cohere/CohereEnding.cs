using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>Ends a stream of the second version: the open content first, then the message.</summary>
internal sealed class CohereEnding : IStreamEnding
{
    private long? _open;
    private bool _isDone;

    public void Saw(JsonElement data)
    {
        switch (data.Text("type"))
        {
            case "content-start":
                _open = data.Whole("index") ?? 0;
                break;
            case "content-end":
                _open = null;
                break;
            case "message-end":
                _isDone = true;
                break;
        }
    }

    public void Write(RefusedCall call, EventStreamAnswer stream)
    {
        if (_open is { } index)
        {
            stream.Add("content-end", writer => writer.WriteNumber("index"u8, index));
        }

        if (!_isDone)
        {
            stream.Add("message-end", CohereRefusal.WriteEnd);
        }
    }
}

/// <summary>Ends a stream of the first version, which has a word for answers that a filter has cut.</summary>
internal sealed class CohereFirstEnding : IStreamEnding
{
    private string? _id;
    private bool _isDone;

    public void Saw(JsonElement data)
    {
        _id ??= data.Text("generation_id");
        _isDone |= data.Text("event_type") == "stream-end";
    }

    public void Write(RefusedCall call, EventStreamAnswer stream)
    {
        if (!_isDone)
        {
            stream.Add(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("is_finished"u8, true);
                writer.WriteString("event_type"u8, "stream-end"u8);
                CohereRefusal.WriteFirstEnd(writer, _id ?? call.CallId, text: "");
                writer.WriteEndObject();
            });
        }
    }
}
