using System.Buffers;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Http.Json.Edits;

/// <summary>Carries out edits of a JSON text: blocks of it are copied, and only what is edited is looked at again.</summary>
internal static class JsonSplice
{
    /// <summary>Length of the text after edits.</summary>
    public static int LengthOf(ReadOnlySpan<byte> text, ReadOnlySpan<RawEdit> edits)
    {
        var length = text.Length;
        foreach (ref readonly var edit in edits)
        {
            length += edit.Bytes.Length - edit.Length;
        }

        return length;
    }

    /// <summary>Writes the text after edits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="edits">The edits, ascending and never overlapping.</param>
    /// <param name="result">Gets the new text; as long as <see cref="LengthOf"/> says.</param>
    public static void Write(ReadOnlySpan<byte> text, ReadOnlySpan<RawEdit> edits, Span<byte> result)
    {
        var read = 0;
        foreach (ref readonly var edit in edits)
        {
            text[read..edit.Start].CopyTo(result);
            result = result[(edit.Start - read)..];
            edit.Bytes.Span.CopyTo(result);
            result = result[edit.Bytes.Length..];
            read = edit.End;
        }

        text[read..].CopyTo(result);
    }

    /// <summary>
    /// Whether the edited text has the tokens of the original in the same order with the same keys; except that a number that was edited has
    /// become a string, and an array or object that was emptied null or an empty array.
    /// </summary>
    /// <remarks>
    /// Every edit has to stay within its value, and every edited value is located again where it stands now, unless <see cref="EditedString"/> knows
    /// what that would find. All other bytes are copied, and a reader leaves a complete value in the same state whatever stands in it: nothing
    /// else can have changed. Locating the rest again would find the same.
    /// </remarks>
    /// <param name="text">The original text.</param>
    /// <param name="edits">The edits, ascending and never overlapping.</param>
    /// <param name="result">The text after them.</param>
    public static bool IsKept(ReadOnlySpan<byte> text, ReadOnlySpan<RawEdit> edits, ReadOnlySpan<byte> result)
    {
        var (free, grown) = (0, 0);
        while (!edits.IsEmpty)
        {
            // The edits of one value follow each other.
            ref readonly var first = ref edits[0];
            var value = first.Value;
            var (count, growth) = (0, 0);
            for (; count < edits.Length && edits[count].Value == value; count++)
            {
                ref readonly var edit = ref edits[count];
                if (edit.IsInString != first.IsInString || edit.Start < value.Start || edit.End > value.End)
                {
                    return false;
                }

                growth += edit.Bytes.Length - edit.Length;
            }

            var now = new TextSpan(value.Start + grown, value.Length + growth);
            if (value.Start < free || value.End > text.Length
                || !(first.IsInString ? IsString(text, value, edits[..count], result, now) : count == 1 && IsReplaced(text, first, result, now)))
            {
                return false;
            }

            free = value.End;
            grown += growth;
            edits = edits[count..];
        }

        return true;
    }

    /// <summary>Whether edits keep the structure of a text that is not written out itself.</summary>
    public static bool IsKept(ReadOnlySpan<byte> text, ReadOnlySpan<RawEdit> edits)
    {
        var length = LengthOf(text, edits);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Write(text, edits, buffer);
            return IsKept(text, edits, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Whether a string is still one, with its quotes.</summary>
    private static bool IsString(ReadOnlySpan<byte> text, TextSpan value, ReadOnlySpan<RawEdit> edits, ReadOnlySpan<byte> result, TextSpan now) =>
        value.Start > 0 && value.End < text.Length && text[value.Start - 1] == '"' && text[value.End] == '"'
        && (EditedString.IsSure(text, value, edits) || OneOf(result.Slice(now.Start - 1, now.Length + 2)) == JsonTokenKind.String);

    /// <summary>Whether a value has been replaced as a whole by one that may stand in its place.</summary>
    private static bool IsReplaced(ReadOnlySpan<byte> text, in RawEdit edit, ReadOnlySpan<byte> result, TextSpan now)
    {
        if (edit.Length == 0 || edit.Start != edit.Value.Start || edit.Length != edit.Value.Length)
        {
            return false;
        }

        var kind = OneOf(result.Slice(now.Start, now.Length));
        return text[edit.Start] is (byte)'{' or (byte)'['
            ? kind is JsonTokenKind.Null or JsonTokenKind.Array
            : text[edit.Start] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') && kind == JsonTokenKind.String;
    }

    /// <summary>What a text is that is one value and holds no other, with nothing around it; null for anything else.</summary>
    private static JsonTokenKind? OneOf(ReadOnlySpan<byte> text)
    {
        using var tape = JsonTape.Rent();
        return JsonLocator.Instance.Locate(text, 1, 1, tape) == JsonLocateStatus.Ok ? tape[0].Kind : null;
    }
}
