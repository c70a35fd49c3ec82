using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiChat;

/// <summary>Ends the choices of a chat completion, or of a plain one, that have begun and not ended.</summary>
/// <param name="finishReason">The dialect's word for why.</param>
/// <param name="isChat">Whether choices have a delta rather than a text.</param>
internal sealed class OpenAiChatEnding(string finishReason, bool isChat = true) : IStreamEnding
{
    private readonly SortedSet<int> _open = [];
    private string? _id;
    private string? _model;
    private long _created;
    private bool _hasBegun;

    public void Saw(JsonElement data)
    {
        _id ??= data.Text("id");
        _model ??= data.Text("model");
        _created = data.Whole("created") ?? _created;
        foreach (var choice in data.Items("choices"))
        {
            _hasBegun = true;
            var index = (int)(choice.Whole("index") ?? 0);
            if (choice.Text("finish_reason") is null)
            {
                _open.Add(index);
            }
            else
            {
                _open.Remove(index);
            }
        }
    }

    public void Write(RefusedCall call, EventStreamAnswer stream)
    {
        if (!_hasBegun)
        {
            _open.Add(0);
        }

        foreach (var choice in _open)
        {
            stream.Add(writer => WriteChunk(writer, call, choice));
        }

        stream.AddDone();
    }

    private void WriteChunk(Utf8JsonWriter writer, RefusedCall call, int choice)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, _id ?? (isChat ? "chatcmpl-" : "cmpl-") + call.CallId);
        writer.WriteString("object"u8, isChat ? "chat.completion.chunk"u8 : "text_completion"u8);
        writer.WriteNumber("created"u8, _created);
        writer.WriteString("model"u8, _model ?? call.Model);
        writer.WriteStartArray("choices"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, choice);
        if (isChat)
        {
            writer.WriteStartObject("delta"u8);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("text"u8, ""u8);
        }

        writer.WriteNull("logprobs"u8);
        writer.WriteString("finish_reason"u8, finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
