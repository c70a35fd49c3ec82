using System.Runtime.InteropServices;

namespace LlmGuard.Http.Json.Edits;

/// <summary>Collects the edits of one JSON text, level by level, and carries them out.</summary>
internal sealed class BodyEdits(ReadOnlyMemory<byte> json, JsonWalk walk, int expected)
{
    private readonly List<RawEdit> _edits = new(expected);
    private Dictionary<int, List<(bool IsMessage, int Start)>>? _touched;
    private Dictionary<int, (RawEditMapper Mapper, List<RawEdit> Edits)>? _nested;
    private readonly RawEditMapper _mapper = new(json);

    public bool TryAdd(int index, in TextEdit edit)
    {
        var origin = walk.Origins[index];
        if (origin.Nested < 0)
        {
            Touch(origin, origin.Start);
            return TryAdd(_mapper.Map(origin, edit.Span, edit.Utf8), _edits);
        }

        var text = walk.Nested[origin.Nested];
        Touch(origin, text.Start);
        _nested ??= [];
        if (!_nested.TryGetValue(origin.Nested, out var nested))
        {
            _nested.Add(origin.Nested, nested = (new RawEditMapper(text.Inner), []));
        }

        return TryAdd(nested.Mapper.Map(origin, edit.Span, edit.Utf8), nested.Edits);
    }

    /// <summary>Makes the new text; null bytes when nothing was edited. False when an edit cannot be carried out.</summary>
    public bool TryFinish(out ReadOnlyMemory<byte>? bytes)
    {
        bytes = null;
        if (!TryAddFragments() || !TryAddNested())
        {
            return false;
        }

        if (_edits.Count == 0 && !walk.HasStale)
        {
            return true;
        }

        if ((IsAscending() ? _edits : Ordered()) is not { } edits)
        {
            return false;
        }

        var edited = RawEdit.Apply(json.Span, edits);
        if (!JsonSplice.IsKept(json.Span, CollectionsMarshal.AsSpan(edits), edited))
        {
            return false;
        }

        bytes = edited;
        return true;
    }

    private bool TryAddFragments()
    {
        foreach (var fragment in walk.Fragments)
        {
            foreach (var edit in fragment.Edits)
            {
                Touch(fragment.Origin, fragment.Origin.Start);
                if (!TryAdd(_mapper.Map(fragment.Origin, new TextSpan(edit.Start, edit.Length), edit.Bytes), _edits))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // An edit of the inner text's raw bytes is an edit of the outer string's text.
    private bool TryAddNested()
    {
        foreach (var (index, (_, edits)) in _nested ?? [])
        {
            var nested = walk.Nested[index];
            edits.Sort((a, b) => a.Start.CompareTo(b.Start));
            if (!JsonSplice.IsKept(nested.Inner.Span, CollectionsMarshal.AsSpan(edits)))
            {
                return false;
            }

            var outer = new SegmentOrigin { Kind = OriginKind.String, Start = nested.Start, Length = nested.Length, HasEscapes = nested.HasEscapes };
            foreach (var edit in edits)
            {
                if (!TryAdd(_mapper.Map(outer, new TextSpan(edit.Start, edit.Length), edit.Bytes), _edits))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Touch(in SegmentOrigin origin, int start)
    {
        walk.Stream?.SetEdited(origin.Choice, origin.Block, origin.IsMessage);

        // Without derived values nobody asks.
        if (origin.Scope < 0 || walk.Derived.Length == 0)
        {
            return;
        }

        _touched ??= [];
        if (!_touched.TryGetValue(origin.Scope, out var touches))
        {
            _touched.Add(origin.Scope, touches = []);
        }

        touches.Add((origin.IsMessage, start));
    }

    // As they come nearly always: in the order of the text, with no derived value to empty.
    private bool IsAscending()
    {
        for (var i = 1; i < _edits.Count; i++)
        {
            if (_edits[i].Start < _edits[i - 1].End)
            {
                return false;
            }
        }

        return walk.Derived.Length == 0;
    }

    // Ascending, with the derived values that became stale emptied; null when edits overlap.
    private List<RawEdit>? Ordered()
    {
        var emptied = new HashSet<int>();
        foreach (var derived in walk.Derived)
        {
            if (IsStale(derived))
            {
                emptied.Add(derived.Start);
                _edits.Add(new RawEdit(derived.Start, derived.Length, derived.IsArray
                    ? "[]"u8.ToArray()
                    : "null"u8.ToArray()) { Value = new TextSpan(derived.Start, derived.Length) });
            }
        }

        _edits.Sort((a, b) => a.Start.CompareTo(b.Start));
        var ordered = new List<RawEdit>(_edits.Count);
        foreach (var edit in _edits)
        {
            if (ordered.Count == 0 || edit.Start >= ordered[^1].End)
            {
                ordered.Add(edit);
            }
            else if (!emptied.Contains(ordered[^1].Start) || edit.End > ordered[^1].End)
            {
                return null;
            }
        }

        return ordered;
    }

    private bool IsStale(in DerivedValue derived) => walk.Stream?.IsStale(derived) == true || IsTouched(derived);

    private bool IsTouched(DerivedValue derived) => _touched is not null && _touched.TryGetValue(derived.Scope, out var touches)
        && touches.Exists(t => (t.IsMessage || !derived.MessageOnly) && (t.Start < derived.Start || t.Start >= derived.Start + derived.Length));

    private static bool TryAdd(RawEdit? edit, List<RawEdit> edits)
    {
        if (edit is not { } raw)
        {
            return false;
        }

        edits.Add(raw);
        return true;
    }
}
