using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Gemini;

/// <summary>Ends the candidates of an answer that have begun and not ended, as Google's own filter does.</summary>
internal sealed class GeminiEnding : IStreamEnding
{
    private readonly SortedSet<int> _open = [0];
    private string? _id;
    private string? _model;

    public void Saw(JsonElement data)
    {
        _id ??= data.Text("responseId");
        _model ??= data.Text("modelVersion");
        foreach (var candidate in data.Items("candidates"))
        {
            var index = (int)(candidate.Whole("index") ?? 0);
            if (candidate.Text("finishReason") is null)
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
        if (_open.Count > 0)
        {
            stream.Add(writer => Write(writer, call));
        }
    }

    private void Write(Utf8JsonWriter writer, RefusedCall call)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("candidates"u8);
        foreach (var index in _open)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("content"u8);
            writer.WriteStartArray("parts"u8);
            writer.WriteEndArray();
            writer.WriteString("role"u8, "model"u8);
            writer.WriteEndObject();
            writer.WriteString("finishReason"u8, "SAFETY"u8);
            writer.WriteNumber("index"u8, index);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("modelVersion"u8, _model ?? call.Model);
        writer.WriteString("responseId"u8, _id ?? call.CallId);
        writer.WriteEndObject();
    }
}
