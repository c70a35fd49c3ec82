namespace LlmGuard.Execution.Edits;

/// <summary>Makes one list of disjoint edits out of the edits of one or several entries on the same text.</summary>
internal static class EditMerge
{
    /// <summary>
    /// Longest union in bytes that a replacement is made of. A longer one is masked in full by what begins in so many bytes of it, so that a stream
    /// need not wait for its end.
    /// </summary>
    public const int LongestUnion = 4096;

    /// <summary>
    /// Edits that share a byte become one, directly or through others; it takes the strongest replacement, among equals the first given.
    /// Edits that only touch stay apart. Equal edits count once.
    /// </summary>
    /// <param name="edits">Valid edits, in plan order.</param>
    /// <returns>Ascending by segment and span, never overlapping.</returns>
    public static MergedEdit[] Merge(IReadOnlyList<SegmentEdit> edits)
    {
        if (edits.Count == 0)
        {
            return [];
        }

        // Sorting positions rather than edits keeps plan order at hand for ties.
        var order = new int[edits.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (left, right) => Compare(edits[left], edits[right]) is var c && c != 0 ? c : left.CompareTo(right));

        var merged = new List<MergedEdit>(order.Length);
        var position = 0;
        while (position < order.Length)
        {
            merged.Add(TakeGroup(edits, order, ref position));
        }

        return [.. merged];
    }

    private static MergedEdit TakeGroup(IReadOnlyList<SegmentEdit> edits, int[] order, ref int position)
    {
        var winner = order[position];
        var first = edits[winner];
        var end = first.Span.End;
        var isUnion = false;
        for (position++; position < order.Length; position++)
        {
            var candidate = edits[order[position]];
            if (candidate.Segment != first.Segment || candidate.Span.Start >= end)
            {
                break;
            }

            isUnion |= candidate.Span != first.Span || !AreEqual(candidate.Replacement, first.Replacement);
            end = Math.Max(end, candidate.Span.End);
            if (candidate.Span.Start - first.Span.Start < LongestUnion && IsStronger(edits, order[position], winner))
            {
                winner = order[position];
            }
        }

        var length = end - first.Span.Start;
        return new MergedEdit(first.Segment, new TextSpan(first.Span.Start, length), edits[winner].Replacement, isUnion) { IsLong = isUnion
            && length > LongestUnion };
    }

    private static bool IsStronger(IReadOnlyList<SegmentEdit> edits, int candidate, int winner)
    {
        var difference = edits[candidate].Replacement.Strength - edits[winner].Replacement.Strength;
        return difference > 0 || (difference == 0 && candidate < winner);
    }

    private static bool AreEqual(Replacement left, Replacement right) =>
        ReferenceEquals(left, right)
        || (left.Form == right.Form && left.Strength == right.Strength && left.Rune == right.Rune && left.Value == right.Value
            && ReferenceEquals(left.Renderer, right.Renderer) && ReferenceEquals(left.Reversible, right.Reversible) && left.Type == right.Type);

    private static int Compare(in SegmentEdit left, in SegmentEdit right) => left.Segment != right.Segment
        ? left.Segment.CompareTo(right.Segment)
        : left.Span.Start.CompareTo(right.Span.Start);
}
