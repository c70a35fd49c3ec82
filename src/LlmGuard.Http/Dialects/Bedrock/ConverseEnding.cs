using System.Text.Json;
using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>
/// Ends a stream of Converse as Bedrock's own guardrail does: the open block stops, and the message because a guardrail intervened.
/// </summary>
internal sealed class ConverseEnding : IStreamEnding
{
    private readonly SortedSet<int> _open = [];
    private bool _hasBegun;
    private bool _hasStopped;

    public bool CanEnd(StreamForm form, RefusedCall call) => true;

    public void Saw(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in data.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && IsEvent(member.Name))
            {
                Saw(member.Value);
            }
        }

        // The events' names stand in headers, so they are told by their members.
        _hasBegun |= data.Text("role") is not null;
        _hasStopped |= data.Text("stopReason") is not null;
        if (data.Whole("contentBlockIndex") is { } index)
        {
            if (data.Member("delta").ValueKind == JsonValueKind.Object || data.Member("start").ValueKind == JsonValueKind.Object)
            {
                _open.Add((int)index);
            }
            else
            {
                _open.Remove((int)index);
            }
        }
    }

    private static bool IsEvent(string name) =>
        name is "messageStart" or "contentBlockStart" or "contentBlockDelta" or "contentBlockStop" or "messageStop";

    public void Write(RefusedCall call, EventStreamAnswer stream)
    {
        if (_hasStopped)
        {
            return;
        }

        if (!_hasBegun)
        {
            stream.AddMessage("messageStart", static writer => writer.WriteString("role"u8, "assistant"u8));
        }

        foreach (var index in _open)
        {
            stream.AddMessage("contentBlockStop", writer => writer.WriteNumber("contentBlockIndex"u8, index));
        }

        stream.AddMessage("messageStop", static writer => writer.WriteString("stopReason"u8, "guardrail_intervened"u8));
    }
}
