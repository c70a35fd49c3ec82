using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Ollama;

/// <summary>Ends a stream with the line that says it is done. Why it is done has no word of its own here.</summary>
internal sealed class OllamaEnding(bool isChat) : IStreamEnding
{
    private string? _model;
    private string? _createdAt;
    private bool _isDone;

    public void Saw(JsonElement data)
    {
        _model ??= data.Text("model");
        _createdAt = data.Text("created_at") ?? _createdAt;
        _isDone |= data.Member("done").ValueKind == JsonValueKind.True;
    }

    public void Write(RefusedCall call, EventStreamAnswer stream)
    {
        if (!_isDone)
        {
            stream.Add(writer => OllamaRefusal.WriteLast(writer, isChat, _model ?? call.Model, _createdAt, text: ""));
        }
    }
}
