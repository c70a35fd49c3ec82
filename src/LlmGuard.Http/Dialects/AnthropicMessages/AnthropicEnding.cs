using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.AnthropicMessages;

/// <summary>Closes the blocks of a message that are open, and the message as one that was refused.</summary>
internal sealed class AnthropicEnding : IStreamEnding
{
    private readonly SortedSet<long> _open = [];
    private long _outputTokens;
    private bool _hasBegun;
    private bool _hasEnded;

    public void Saw(JsonElement data)
    {
        switch (data.Text("type"))
        {
            case "message_start":
                _hasBegun = true;
                break;
            case "content_block_start":
                _open.Add(data.Whole("index") ?? 0);
                break;
            case "content_block_stop":
                _open.Remove(data.Whole("index") ?? 0);
                break;
            case "message_delta":
                _outputTokens = data.Member("usage").Whole("output_tokens") ?? _outputTokens;
                break;
            case "message_stop":
                _hasEnded = true;
                break;
        }
    }

    public void Write(RefusedCall call, EventStreamAnswer stream)
    {
        if (_hasEnded)
        {
            return;
        }

        if (!_hasBegun)
        {
            AnthropicRefusal.AddStart(stream, call);
        }

        foreach (var block in _open)
        {
            stream.Add("content_block_stop", writer => writer.WriteNumber("index"u8, block));
        }

        AnthropicRefusal.AddEnd(stream, _outputTokens);
    }
}
