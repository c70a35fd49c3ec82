using System.Buffers;

namespace LlmGuard.Http.Json.Edits;

/// <summary>Whether edits of a string leave a string, told by the bytes that go, those that come and a few before them.</summary>
/// <remarks>
/// The text was located, so it is known that a strict reader is inside the string at the first edit. Cut between characters and escapes, what goes is
/// whole text: a reader is inside the string again behind it. If what comes is whole text too, the reader is there in the same state, and all else
/// is copied; edit by edit, that reaches to the closing quote, which is the one that was there. Reading all of the string again would find the same,
/// and is what is done where this does not say yes.
/// </remarks>
internal static class EditedString
{
    // The longest escape; of a pair of surrogates each half is one.
    private const int LongestEscape = 6;

    // What stands for itself.
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x7F - 0x20).Select(b => (byte)b).Where(b => b is not ((byte)'"' or (byte)'\\'))]);

    /// <summary>Whether the string surely stays one.</summary>
    /// <param name="text">The text, as it was located.</param>
    /// <param name="value">The string, without its quotes.</param>
    /// <param name="edits">Its edits, ascending, all within it.</param>
    public static bool IsSure(ReadOnlySpan<byte> text, TextSpan value, ReadOnlySpan<RawEdit> edits)
    {
        var free = value.Start;
        foreach (ref readonly var edit in edits)
        {
            if (edit.Start < free || !IsBetween(text, value, edit.Start) || !IsBetween(text, value, edit.End)
                || !IsWhole(text.Slice(edit.Start, edit.Length)) || !IsWhole(edit.Bytes.Span))
            {
                return false;
            }

            free = edit.End;
        }

        return true;
    }

    /// <summary>Whether a place of the string surely is not inside a character or an escape, nor between the halves of a pair.</summary>
    private static bool IsBetween(ReadOnlySpan<byte> text, TextSpan value, int at) =>
        (text[at] & 0xC0) != 0x80 && !text[Math.Max(value.Start, at - LongestEscape)..at].Contains((byte)'\\');

    private static bool IsWhole(ReadOnlySpan<byte> raw) => !raw.ContainsAnyExcept(Plain) || JsonEscapes.IsWellFormed(raw);
}
