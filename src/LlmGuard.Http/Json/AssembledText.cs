using System.Runtime.InteropServices;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Json.Edits;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Http.Json;

/// <summary>A text that came in fragments over a stream, usually JSON, and the way back from its edits to the fragments.</summary>
internal sealed class AssembledText(PlaceContext context, JsonReadOptions options)
{
    private readonly List<SegmentOrigin> _origins = [];
    private byte[] _text = [];
    private int _firstSegment;
    private bool _isJson;

    private readonly JsonEnding _ending = new();

    private List<StreamFragment> Fragments { get; } = [];

    /// <summary>Whether an object or array has come to its end, so that nothing but white space can follow.</summary>
    public bool IsClosed => _ending.IsReached;

    /// <summary>Where the call stands that it belongs to.</summary>
    public SegmentPosition Position => context.Position;

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    public void Add(StreamFragment fragment)
    {
        Fragments.Add(fragment);
        Length += fragment.Text.Length;
        _ending.Read(fragment.Text.Span);
    }

    /// <summary>Adds the segments of the whole text.</summary>
    public JsonLocateStatus Complete(GuardrailContentBuilder builder)
    {
        _text = new byte[Fragments.Sum(f => f.Text.Length)];
        var length = 0;
        foreach (var fragment in Fragments)
        {
            fragment.Text.CopyTo(_text.AsMemory(length));
            length += fragment.Text.Length;
        }

        _firstSegment = builder.Count;
        if (length == 0)
        {
            return JsonLocateStatus.Ok;
        }

        using var tape = JsonTape.Rent();
        var status = JsonLocator.Instance.Locate(_text, options.Limits.MaxDepth, JsonBodyReader.MaxTokens(options.Limits), tape);
        _isJson = status == JsonLocateStatus.Ok;
        if (_isJson)
        {
            var walk = new JsonWalk(_text, tape, options, builder);
            walk.Tree(0, context with { Group = walk.NewSlot(), Join = -1 });
            for (var i = 0; i < walk.Origins.Count; i++)
            {
                _origins.Add(walk.Origins[i]);
            }

            return walk.Status;
        }

        if (status != JsonLocateStatus.Malformed)
        {
            return status;
        }

        if (builder.Count >= options.Limits.MaxSegments)
        {
            return JsonLocateStatus.TooManyTokens;
        }

        builder.AddValidText(_text, new SegmentInfo { Role = context.Role, Kind = context.Kind, Position = context.Position, Name = context.Name });
        _origins.Add(new SegmentOrigin { Kind = OriginKind.String, Length = length, Nested = -1, Scope = -1 });
        return JsonLocateStatus.Ok;
    }

    /// <summary>Gives every fragment its share of the edits.</summary>
    public bool Distribute(IReadOnlyList<TextEdit> edits)
    {
        Fragments.ForEach(static fragment => fragment.Edits.Clear());
        var mapper = new RawEditMapper(_text);
        var whole = new List<RawEdit>();
        foreach (var edit in edits)
        {
            var index = edit.Segment - _firstSegment;
            if (index < 0 || index >= _origins.Count)
            {
                continue;
            }

            // Text that is not JSON stands as it is: its replacement is escaped once, for the event.
            var mapped = _isJson ? mapper.Map(_origins[index], edit.Span, edit.Utf8) : new RawEdit(edit.Span.Start, edit.Span.Length, edit.Utf8);
            if (mapped is not { } raw || raw.Length == 0 || raw.End > _text.Length)
            {
                return false;
            }

            whole.Add(raw);
        }

        if (_isJson && whole.Count > 0 && !JsonSplice.IsKept(_text, CollectionsMarshal.AsSpan(whole)))
        {
            return false;
        }

        foreach (var edit in whole)
        {
            Share(edit);
        }

        return true;
    }

    // The fragment with the first byte gets the replacement, those after it lose their part.
    private void Share(RawEdit edit)
    {
        var (start, bytes) = (0, edit.Bytes);
        foreach (var fragment in Fragments)
        {
            var from = Math.Max(edit.Start, start);
            var to = Math.Min(edit.End, start + fragment.Text.Length);
            if (from < to)
            {
                fragment.Edits.Add(new RawEdit(from - start, to - from, bytes));
                bytes = default;
            }

            start += fragment.Text.Length;
        }
    }
}
