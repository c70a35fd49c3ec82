using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Json;

/// <summary>What the events of one streamed answer share. Not safe for concurrent use.</summary>
internal sealed class JsonStreamState
{
    /// <summary>Join numbers of a stream's texts begin here: above the index of any segment, and the same in every event.</summary>
    public const int FirstJoin = 1 << 30;

    // More calls or a longer name than any API has: those stay without a name.
    private const int MaxTools = 1024;
    private const int MaxToolName = 256;

    private readonly Dictionary<(int Choice, int Block), string> _tools = [];
    private readonly Dictionary<StreamChannel, int> _joinSlots = [];
    private readonly HashSet<AssembledText> _touched = [];
    private readonly Dictionary<StreamChannel, AssembledText> _assembled = [];
    private readonly HashSet<(int Choice, int Block, bool IsMessage)> _edited = [];
    private readonly Dictionary<string, byte[]> _envelope = new(StringComparer.Ordinal);
    private SegmentPosition? _ended;

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
    public GuardrailFailure? Distribute(IReadOnlyList<TextEdit> edits)
    {
        _edited.Clear();
        return _assembled.Values.All(text => text.Distribute(edits)) ? null : JsonBody.NotApplicable(JsonDirection.StreamEvent);
    }

    /// <summary>The slot of a channel's texts; see <see cref="JsonWalk.StreamSlot"/>.</summary>
    public int JoinSlot(StreamChannel channel)
    {
        if (!_joinSlots.TryGetValue(channel, out var slot))
        {
            slot = JsonWalk.StreamSlot - _joinSlots.Count;
            _joinSlots.Add(channel, slot);
        }

        return slot;
    }

    /// <summary>The join number of a slot.</summary>
    public static int JoinOf(int slot) => FirstJoin + JsonWalk.StreamSlot - slot;

    /// <summary>The texts that the event read last added to. What is complete is let go: a piece that still comes begins another text.</summary>
    public List<AssembledText> TakeTouched()
    {
        if (_touched.Count == 0)
        {
            return [];
        }

        List<AssembledText> touched = [.. _touched];
        _touched.Clear();
        foreach (var (channel, text) in _assembled.Where(a => a.Value.IsClosed).ToArray())
        {
            _assembled.Remove(channel);
        }

        return touched;
    }

    /// <summary>Takes note that an event says that no more comes of a part or a block.</summary>
    public void EndAt(in SegmentPosition place) => _ended = place;

    /// <summary>Of which part or block the event read last said that; null when it did not.</summary>
    public SegmentPosition? TakeEnded()
    {
        var ended = _ended;
        _ended = null;
        return ended;
    }

    /// <summary>Notes the name of a tool that is called, of which an event may hold a piece only.</summary>
    public void NameTool(in SegmentPosition call, string piece)
    {
        var known = _tools.GetValueOrDefault((call.Choice, call.Block));
        if (known is null ? _tools.Count < MaxTools : known != piece && known.Length + piece.Length <= MaxToolName)
        {
            _tools[(call.Choice, call.Block)] = known + piece;
        }
    }

    /// <summary>The tool that is called there, or null when no event has named it.</summary>
    public string? ToolAt(in SegmentPosition call) => _tools.GetValueOrDefault((call.Choice, call.Block));

    /// <summary>Takes note that a text was edited: what later events derive from it is stale.</summary>
    public void SetEdited(int choice, int block, bool isMessage) => _edited.Add((choice, block, isMessage));

    /// <summary>Whether a value derives from a text that an event before edited: of its choice and, where both have one, its block.</summary>
    public bool IsStale(in DerivedValue derived)
    {
        foreach (var (choice, block, isMessage) in _edited)
        {
            if (choice == derived.Position.Choice
                && (block < 0 || derived.Position.Block < 0 || block == derived.Position.Block)
                && (isMessage || !derived.MessageOnly))
            {
                return true;
            }
        }

        return false;
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

        text.Add(fragment);
        _touched.Add(text);
    }
}
