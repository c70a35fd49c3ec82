using LlmGuard.Http.Json;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>The texts of a stream that are being assembled.</summary>
internal sealed class LiveCalls(JsonStreamState state)
{
    private readonly Dictionary<AssembledText, LiveCall> _open = [];

    /// <summary>Those of which pieces may still come.</summary>
    public LiveCall[] Open => [.. _open.Values];

    /// <summary>Takes note of what the event that was read last adds to.</summary>
    /// <param name="read">The event.</param>
    /// <param name="pass">Told of texts that begin.</param>
    /// <returns>Those that are complete with it.</returns>
    public List<LiveCall> Take(LiveEvent read, SpanPass pass)
    {
        var complete = new List<LiveCall>();
        foreach (var text in state.TakeTouched())
        {
            if (!_open.TryGetValue(text, out var call))
            {
                _open.Add(text, call = new LiveCall(text));
                pass.Begin(new SegmentInfo { Kind = SegmentKind.ToolCall, Position = text.Position });
            }

            call.Last = read;
            read.Calls.Add(call);
            if (text.IsClosed)
            {
                complete.Add(call);
            }
        }

        return complete;
    }

    /// <summary>Has the entries judge a text whose pieces are all there. Gives why it cannot be read, or null.</summary>
    public async ValueTask<string?> CompleteAsync(LiveCall call, SpanPass pass)
    {
        _open.Remove(call.Text);
        var texts = new GuardrailContentBuilder();
        var status = call.Text.Complete(texts);
        if (status != JsonLocateStatus.Ok)
        {
            return JsonBodyReader.FailureOf(status, JsonDirection.StreamEvent).Reason;
        }

        call.Complete(texts.Build());
        await pass.JudgeAsync(call, isOver: true).ConfigureAwait(false);
        return null;
    }
}
