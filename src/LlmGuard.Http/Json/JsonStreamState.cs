using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Json;

/// <summary>What the events of one streamed answer share. Not safe for concurrent use.</summary>
internal sealed class JsonStreamState
{
    private readonly Dictionary<StreamChannel, int> _joinSlots = [];
    private readonly List<int> _joins = [];
    private readonly Dictionary<StreamChannel, AssembledText> _assembled = [];
    private readonly Dictionary<string, byte[]> _envelope = new(StringComparer.Ordinal);

    /// <summary>
    /// Adds what only the whole stream shows (tool arguments, assembled from their fragments), after the last event was read. Leaving it out
    /// leaves them uninspected. Returns why not, or null.
    /// </summary>
    public GuardrailFailure? Complete(GuardrailContentBuilder builder)
    {
        foreach (var text in _assembled.Values)
        {
            var status = text.Complete(builder);
            if (status != JsonLocateStatus.Ok)
            {
                return JsonBodyReader.FailureOf(status, JsonDirection.StreamEvent);
            }
        }

        return null;
    }

    /// <summary>
    /// Distributes edits of what <see cref="Complete"/> added over the events; call it once with all edits of the content, before the events'
    /// own <see cref="JsonBody.Rewrite"/>. Returns why not, or null.
    /// </summary>
    public GuardrailFailure? Distribute(IReadOnlyList<TextEdit> edits) =>
        _assembled.Values.All(text => text.Distribute(edits)) ? null : JsonBody.NotApplicable(JsonDirection.StreamEvent);

    /// <summary>The slot of a channel's texts; see <see cref="JsonWalk.StreamSlot"/>.</summary>
    public int JoinSlot(StreamChannel channel)
    {
        if (!_joinSlots.TryGetValue(channel, out var slot))
        {
            slot = JsonWalk.StreamSlot - _joins.Count;
            _joins.Add(-1);
            _joinSlots.Add(channel, slot);
        }

        return slot;
    }

    /// <summary>The join number of a slot, which is the index of its first segment.</summary>
    public int JoinOf(int slot, int nextSegment)
    {
        var index = JsonWalk.StreamSlot - slot;
        if (_joins[index] < 0)
        {
            _joins[index] = nextSegment;
        }

        return _joins[index];
    }

    /// <summary>Whether a field of the envelope holds what it held in the event before, so that it has been read already.</summary>
    public bool IsRepeated(string field, ReadOnlySpan<byte> raw)
    {
        if (_envelope.TryGetValue(field, out var last) && raw.SequenceEqual(last))
        {
            return true;
        }

        _envelope[field] = raw.ToArray();
        return false;
    }

    public void Add(StreamChannel channel, StreamFragment fragment, in PlaceContext context, JsonReadOptions options)
    {
        if (!_assembled.TryGetValue(channel, out var text))
        {
            _assembled.Add(channel, text = new AssembledText(context, options));
        }

        text.Fragments.Add(fragment);
    }
}
