using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>Ends a response as one that a content filter left incomplete.</summary>
internal sealed class ResponsesEnding : IStreamEnding
{
    private string? _id;
    private string? _model;
    private long _sequence = -1;
    private bool _hasEnded;

    public void Saw(JsonElement data)
    {
        _sequence = Math.Max(_sequence, data.Whole("sequence_number") ?? -1);
        var response = data.Member("response");
        _id ??= response.Text("id");
        _model ??= response.Text("model");
        _hasEnded |= data.Text("type") is "response.completed" or "response.incomplete" or "response.failed";
    }

    public void Write(RefusedCall call, EventStreamAnswer stream)
    {
        if (_hasEnded)
        {
            return;
        }

        call = call with { Model = _model ?? call.Model };
        if (_id is null)
        {
            stream.Add("response.created", writer =>
            {
                writer.WriteNumber("sequence_number"u8, ++_sequence);
                ResponsesRefusal.WriteStarted(writer, call);
            });
        }

        stream.Add("response.incomplete", writer =>
        {
            writer.WriteNumber("sequence_number"u8, ++_sequence);
            ResponsesRefusal.WriteCut(writer, call, _id);
        });
    }
}
