namespace LlmGuard.Http.Json;

/// <summary>Compares a text with what its edits made of it.</summary>
internal static class JsonStructure
{
    /// <summary>
    /// Whether both have the same tokens in the same order with the same keys; except that a number where an edit stands may have become a
    /// string, and any value that an edit replaced whole may have become null or empty.
    /// </summary>
    /// <param name="before">The original text.</param>
    /// <param name="after">The edited text.</param>
    /// <param name="edits">The edits, ascending.</param>
    /// <param name="maxDepth">The depth limit of the original.</param>
    public static bool IsSame(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, List<RawEdit> edits, int maxDepth)
    {
        using var old = new JsonTape();
        using var now = new JsonTape();
        return JsonReaderLocator.Instance.Locate(before, maxDepth, int.MaxValue, old) == JsonLocateStatus.Ok
            && JsonReaderLocator.Instance.Locate(after, maxDepth, int.MaxValue, now) == JsonLocateStatus.Ok
            && IsSame(before, old, after, now, edits);
    }

    private static bool IsSame(ReadOnlySpan<byte> before, JsonTape old, ReadOnlySpan<byte> after, JsonTape now, List<RawEdit> edits)
    {
        // The ends of the open containers: the order of tokens alone does not tell [[], 1] from [[1]].
        var ends = new Stack<(int Old, int Now)>();
        var (i, j, next) = (0, 0, 0);
        while (i < old.Count && j < now.Count)
        {
            ref var was = ref old[i];
            ref var became = ref now[j];
            while (next < edits.Count && edits[next].Start < was.Start)
            {
                next++;
            }

            if (next < edits.Count && edits[next].Start == was.Start && edits[next].Length == was.Length && IsReplacedWhole(was.Kind))
            {
                if (became.Next != j + 1 || !(was.Kind == JsonTokenKind.Number
                    ? became.Kind == JsonTokenKind.String
                    : became.Kind is JsonTokenKind.Null or JsonTokenKind.Array))
                {
                    return false;
                }

                (i, j) = (was.Next, became.Next);
            }
            else
            {
                if (!IsSameToken(before, was, after, became))
                {
                    return false;
                }

                if (was.Kind is JsonTokenKind.Object or JsonTokenKind.Array)
                {
                    ends.Push((was.Next, became.Next));
                }

                (i, j) = (i + 1, j + 1);
            }

            while (ends.TryPeek(out var end) && (i >= end.Old || j >= end.Now))
            {
                if ((i, j) != end)
                {
                    return false;
                }

                ends.Pop();
            }
        }

        return i == old.Count && j == now.Count;
    }

    private static bool IsReplacedWhole(JsonTokenKind kind) => kind is JsonTokenKind.Number or JsonTokenKind.Object or JsonTokenKind.Array;

    private static bool IsSameToken(ReadOnlySpan<byte> before, in JsonToken was, ReadOnlySpan<byte> after, in JsonToken became) =>
        was.Kind == became.Kind
        && (was.Kind is not JsonTokenKind.Key and not JsonTokenKind.Number
            || before.Slice(was.Start, was.Length).SequenceEqual(after.Slice(became.Start, became.Length)));
}
