using System.Buffers;
using System.Runtime.InteropServices;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Http.Json;

/// <summary>Makes sure that edits leave the structure of a JSON text as it was.</summary>
internal static class JsonStructure
{
    /// <summary>
    /// Whether the edited text has the tokens of the original in the same order with the same keys; except that a number that was edited has
    /// become a string, and an array or object that was emptied null or an empty array.
    /// </summary>
    /// <remarks>
    /// Every edit has to stay within its value, and every edited value is looked at again in its new form. All other bytes are copied, and a
    /// reader leaves a complete value in the same state whatever stands in it: nothing else can have changed. Locating the whole text again
    /// would find the same and cost as much as reading it did.
    /// </remarks>
    /// <param name="text">The original text.</param>
    /// <param name="edits">The edits, ascending.</param>
    public static bool IsKept(ReadOnlySpan<byte> text, List<RawEdit> edits)
    {
        var all = CollectionsMarshal.AsSpan(edits);
        for (var (first, next, free) = (0, 0, 0); first < all.Length; first = next)
        {
            ref readonly var edit = ref all[first];
            next = first + 1;
            while (next < all.Length && all[next].Value == edit.Value)
            {
                next++;
            }

            if (edit.Value.Start < free
                || edit.Value.End > text.Length
                || !(edit.IsInString ? IsString(text, all[first..next]) : next == first + 1 && IsReplaced(text, edit)))
            {
                return false;
            }

            free = edit.Value.End;
        }

        return true;
    }

    // A string needs no reader: what may stand between its quotes is told from the bytes.
    private static bool IsString(ReadOnlySpan<byte> text, ReadOnlySpan<RawEdit> edits)
    {
        var value = edits[0].Value;
        if (value.Start == 0 || value.End == text.Length || text[value.Start - 1] != '"' || text[value.End] != '"')
        {
            return false;
        }

        var (length, at) = (value.Length, value.Start);
        foreach (ref readonly var edit in edits)
        {
            if (!edit.IsInString || edit.Start < at || edit.End > value.End)
            {
                return false;
            }

            length += edit.Bytes.Length - edit.Length;
            at = edit.End;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var edited = buffer.AsSpan(0, length);
            var (read, written) = (value.Start, 0);
            foreach (ref readonly var edit in edits)
            {
                text[read..edit.Start].CopyTo(edited[written..]);
                written += edit.Start - read;
                edit.Bytes.Span.CopyTo(edited[written..]);
                written += edit.Bytes.Length;
                read = edit.End;
            }

            text[read..value.End].CopyTo(edited[written..]);
            return JsonEscapes.IsWellFormed(edited);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Whether a value has been replaced as a whole by one that may stand in its place.</summary>
    private static bool IsReplaced(ReadOnlySpan<byte> text, in RawEdit edit)
    {
        if (edit.Start != edit.Value.Start || edit.Length != edit.Value.Length || edit.Length == 0 || !IsOne(edit.Bytes.Span, out var kind))
        {
            return false;
        }

        return text[edit.Start] is (byte)'{' or (byte)'['
            ? kind is JsonTokenKind.Null or JsonTokenKind.Array
            : text[edit.Start] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') && kind == JsonTokenKind.String;
    }

    /// <summary>Whether the text is one value that holds no other.</summary>
    private static bool IsOne(ReadOnlySpan<byte> text, out JsonTokenKind kind)
    {
        using var tape = JsonTape.Rent();
        kind = default;

        // The limit of two leaves room for a closing bracket, which counts while it is read.
        if (JsonLocator.Instance.Locate(text, 1, 2, tape) != JsonLocateStatus.Ok)
        {
            return false;
        }

        kind = tape[0].Kind;
        return tape.Count == 1;
    }
}
