using System.Text;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>What tells a replaced text from the original: the smallest single span outside of which both are the same.</summary>
internal static class TextDifference
{
    /// <summary>The span of the original and what stands in its place; null when both are the same.</summary>
    /// <param name="original">Valid UTF-8, not empty.</param>
    /// <param name="replaced">Valid UTF-8.</param>
    public static (TextSpan Span, string Text)? Between(ReadOnlySpan<byte> original, ReadOnlySpan<byte> replaced)
    {
        var start = original.CommonPrefixLength(replaced);
        if (start == original.Length && start == replaced.Length)
        {
            return null;
        }

        // Back to where a character begins in both; they share every byte before.
        while (start > 0 && (IsInside(original, start) || IsInside(replaced, start)))
        {
            start--;
        }

        var tail = 0;
        var most = Math.Min(original.Length, replaced.Length) - start;
        while (tail < most && original[^(tail + 1)] == replaced[^(tail + 1)])
        {
            tail++;
        }

        while (tail > 0 && IsInside(original, original.Length - tail))
        {
            tail--;
        }

        if (start + tail == original.Length)
        {
            // Something was only inserted, and an edit has a span: take a neighbouring character with it.
            Widen(original, ref start, ref tail);
        }

        return (new TextSpan(start, original.Length - tail - start), Encoding.UTF8.GetString(replaced[start..(replaced.Length - tail)]));
    }

    private static void Widen(ReadOnlySpan<byte> original, ref int start, ref int tail)
    {
        if (start > 0)
        {
            do
            {
                start--;
            }
            while (IsInside(original, start));
            return;
        }

        do
        {
            tail--;
        }
        while (tail > 0 && IsInside(original, original.Length - tail));
    }

    private static bool IsInside(ReadOnlySpan<byte> text, int at) => at < text.Length && (text[at] & 0xC0) == 0x80;
}
