using System.Text;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.BedrockGuardrail.Checks;

/// <summary>Where a span counted in characters lies.</summary>
/// <remarks>
/// Bedrock's interface description counts "characters" and does not say whether a character outside the basic plane (an emoji) is one or two. Up
/// to the first of them both readings are the same. After it, where both make sense, both are handed out, so that the mask covers what was meant.
/// </remarks>
internal static class CharacterOffsets
{
    /// <summary>The spans in bytes; one, unless the readings differ.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <param name="begin">The first character.</param>
    /// <param name="end">The character after the last.</param>
    /// <exception cref="UnusableAnswerException">Neither reading is a span of the text.</exception>
    public static IReadOnlyList<TextSpan> ToUtf8(ReadOnlySpan<byte> utf8, int begin, int end)
    {
        if (begin >= end)
        {
            throw new UnusableAnswerException();
        }

        var codePoints = new Reading(begin, end);
        var codeUnits = new Reading(begin, end);
        var (points, units, offset) = (0, 0, 0);
        while (true)
        {
            codePoints.Visit(points, offset);
            codeUnits.Visit(units, offset);
            if (offset == utf8.Length || (points > end && units > end))
            {
                break;
            }

            Rune.DecodeFromUtf8(utf8[offset..], out var rune, out var length);
            points++;
            units += rune.Utf16SequenceLength;
            offset += length;
        }

        return (codePoints.Span, codeUnits.Span) switch
        {
            (null, null) => throw new UnusableAnswerException(),
            ({ } one, null) => [one],
            (null, { } other) => [other],
            ({ } one, { } other) => one == other ? [one] : [one, other],
        };
    }

    private struct Reading(int begin, int end)
    {
        private int _first = -1;
        private int _last = -1;

        /// <summary>The span; null when an end of it lies outside the text or within a character.</summary>
        public readonly TextSpan? Span => _first >= 0 && _last > _first ? new TextSpan(_first, _last - _first) : null;

        public void Visit(int count, int offset)
        {
            _first = count == begin ? offset : _first;
            _last = count == end ? offset : _last;
        }
    }
}
