using LlmGuard.Http.Dialects;
using LlmGuard.Http.Json.Edits;

namespace LlmGuard.Http.Json;

/// <summary>A JSON text that was read: what it says about the call, and the way back from edits to bytes.</summary>
internal sealed class JsonBody
{
    private readonly Dialect? _dialect;
    private readonly JsonWalk _walk;
    private readonly int _use;
    private readonly CallFacts _facts;

    public JsonBody(Dialect? dialect, JsonWalk walk, in CallFacts facts)
    {
        _dialect = dialect;
        (_walk, _use) = (walk, walk.Use);
        _facts = facts;
        Depth = walk.Tape.Depth;
        FirstSegment = walk.FirstSegment;
        SegmentCount = walk.Origins.Count;
    }

    /// <summary>The model it names, or null.</summary>
    public string? Model => _facts.Model;

    /// <summary>Whether it asks for a stream.</summary>
    public bool IsStreaming => _facts.IsStreaming;

    /// <summary>Whether the request makes the provider keep state or act on its own.</summary>
    public bool CreatesServerState => _facts.CreatesServerState;

    /// <summary>Messages as the dialect counts them.</summary>
    public int Messages => _facts.Messages;

    /// <summary>Whether the request asks that a stream report usage.</summary>
    public bool AsksForUsage => _facts.AsksForUsage;

    /// <summary>How much answer a request asks for; null for what is not a request.</summary>
    public AnswerSize? Asks => _facts.Asks;

    /// <summary>The conversation that the provider keeps and the request names, or null.</summary>
    public string? Conversation => _facts.Conversation;

    /// <summary>Token usage it reports, or null.</summary>
    public TokenUsage? Usage => _facts.Usage;

    /// <summary>What an answer to it must repeat, as raw JSON, or null.</summary>
    public string? ReplyTo => _facts.ReplyTo;

    /// <summary>Deepest nesting; 1 is a flat object.</summary>
    public int Depth { get; }

    /// <summary>Index of the first segment that came from it.</summary>
    public int FirstSegment { get; }

    /// <summary>Number of segments that came from it; they follow each other.</summary>
    public int SegmentCount { get; }

    /// <summary>Whether it holds a value derived from a text that an event before it edited.</summary>
    public bool HasStale => Walk.HasStale;

    /// <summary>Where numbers of events stand.</summary>
    public IReadOnlyList<TextSpan> Counters => Walk.Counters;

    /// <summary>Where strings stand that begin the alphabet and say nothing.</summary>
    public IReadOnlyList<TextSpan> Fills => Walk.Fills;

    /// <summary>Where padding stands, and its segment.</summary>
    public IReadOnlyList<(TextSpan Place, int Segment)> Paddings => Walk.Paddings;

    // Goes back with the content, and may know another text by then.
    private JsonWalk Walk =>
        _walk.Use == _use ? _walk : throw new ObjectDisposedException(nameof(JsonBody), "The call has ended, and what was read of it.");

    /// <summary>
    /// Where the raw text of a segment stands, when nothing else of the body depends on it: a string of the body's own, of which no value is derived.
    /// </summary>
    public TextSpan? StringOf(int segment)
    {
        var index = segment - FirstSegment;
        return index >= 0 && index < SegmentCount && Walk is { Derived.Length: 0, Nested.Length: 0, Fragments.Length: 0 }
            && Walk.Origins[index] is { Kind: OriginKind.String, Nested: < 0 } origin
            ? new TextSpan(origin.Start, origin.Length)
            : null;
    }

    /// <summary>Carries out edits and changes. Edits of segments that came from elsewhere are skipped.</summary>
    /// <param name="edits">Edits of the content, ascending and never overlapping.</param>
    /// <param name="changes">Request changes; headers and query values are the caller's business and skipped.</param>
    public JsonRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        var walk = Walk;
        var own = 0;
        for (var i = 0; i < edits.Count; i++)
        {
            own += IsOwn(edits[i]) ? 1 : 0;
        }

        var raw = new BodyEdits(walk.Whole, walk, own);
        foreach (var edit in edits)
        {
            if (IsOwn(edit) && !raw.TryAdd(edit.Segment - FirstSegment, edit))
            {
                return new JsonRewrite(null, NotApplicable(walk.Direction));
            }
        }

        if (!raw.TryFinish(out var bytes))
        {
            return new JsonRewrite(null, NotApplicable(walk.Direction));
        }

        foreach (var change in changes)
        {
            if (change is RequestChange.Header or RequestChange.QueryValue)
            {
                continue;
            }

            if (!RequestMembers.TryChange(bytes ?? walk.Whole, change, walk.Direction == JsonDirection.Request ? _dialect : null, out var changed))
            {
                return new JsonRewrite(null, NotApplicable(walk.Direction));
            }

            bytes = changed ?? bytes;
        }

        return new JsonRewrite(bytes, null);
    }

    internal static GuardrailFailure NotApplicable(JsonDirection direction) =>
        new(direction == JsonDirection.Request ? FailureClass.Input : FailureClass.Output, FailureReasons.MaskNotApplicable);

    private bool IsOwn(in TextEdit edit) => edit.Segment >= FirstSegment && edit.Segment < FirstSegment + SegmentCount;
}
