using LlmGuard.Http.Json;
using LlmGuard.Masking;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// The last step of a stream: puts the originals of reversible masks back, after every guard has let the text pass. An event waits while a
/// placeholder that has begun in it may go on in the next.
/// </summary>
internal sealed class LiveRestore(CallMasks masks)
{
    private readonly Queue<(LiveEvent Event, List<Part> Parts)> _waiting = [];
    private readonly Dictionary<LiveChannel, RestoreScan> _texts = [];
    private bool _hasEnded;

    public bool IsHolding => _waiting.Count > 0;

    /// <summary>Takes an event that the guards let pass; true when it may leave at once, as it is.</summary>
    public bool Add(LiveEvent passed)
    {
        var parts = new List<Part>();
        if (passed.Pieces.Count > 0)
        {
            var content = passed.Current;
            foreach (var piece in passed.Pieces)
            {
                if (CallMasks.IsText(piece.Channel.Info) || CallMasks.IsOfTool(piece.Channel.Info))
                {
                    parts.Add(Read(piece.Channel, content.At(piece.Segment)));
                }
            }
        }
        else if (_waiting.Count > 0 && passed.Content.Count == 0 && passed.Calls.Count == 0 && passed.MayOvertake)
        {
            // A comment tells clients that the connection lives; it need not wait.
            return true;
        }

        _waiting.Enqueue((passed, parts));
        return false;
    }

    /// <summary>The next event that may leave, with originals put back.</summary>
    public bool TryTake(out LiveEvent restored)
    {
        restored = null!;
        if (!_waiting.TryPeek(out var next) || !next.Parts.TrueForAll(p => _hasEnded || p.Text.Decided >= p.End))
        {
            return false;
        }

        _waiting.Dequeue();
        restored = next.Event;
        Restore(restored, next.Parts);
        return true;
    }

    /// <summary>Nothing more will come: what has only begun is no placeholder.</summary>
    public void End()
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        foreach (var text in _texts.Values)
        {
            text.Advance([], isEnd: true);
        }
    }

    private Part Read(LiveChannel channel, Segment piece)
    {
        if (!_texts.TryGetValue(channel, out var text))
        {
            _texts.Add(channel, text = new RestoreScan(masks, CallMasks.IsText(channel.Info) ? null : channel.Info.Name));
        }

        var start = text.Length;
        text.Advance(piece.Utf8.Span, isEnd: _hasEnded);
        return new Part(text, piece.Index, start, text.Length);
    }

    private void Restore(LiveEvent passed, List<Part> parts)
    {
        foreach (var call in passed.Calls)
        {
            call.Restore(masks);
        }

        List<TextEdit> edits = passed.Content.Count == 0
            ? []
            : [.. masks.Restore(passed.Current.Where(0, static (_, s) => s.Data.Info.Join < JsonStreamState.FirstJoin))];
        foreach (var part in parts)
        {
            part.AddEdits(edits);
            part.Text.Forget(part.End);
        }

        if (edits.Count > 0)
        {
            passed.Apply([.. edits.OrderBy(static e => e.Segment).ThenBy(static e => e.Span.Start)]);
        }
    }

    /// <summary>A piece of a text, in one event: where the piece stands in the text.</summary>
    private readonly record struct Part(RestoreScan Text, int Segment, long Start, long End)
    {
        // The original goes where the placeholder's first byte is.
        public void AddEdits(List<TextEdit> edits)
        {
            foreach (var edit in Text.Edits)
            {
                var from = Math.Max(edit.Start, Start);
                var to = Math.Min(edit.End, End);
                if (from < to)
                {
                    edits.Add(new TextEdit(Segment, new TextSpan((int)(from - Start), (int)(to - from)), edit.Start >= Start ? edit.Utf8 : default));
                }
            }
        }
    }
}
