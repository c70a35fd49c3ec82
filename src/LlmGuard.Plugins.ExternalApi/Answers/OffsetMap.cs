using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>Converts offsets into a text from a service's unit to bytes: one pass over the text, then constant time for each.</summary>
internal sealed class OffsetMap
{
    private const int Inside = -1;

    private readonly int[] _bytes;

    public OffsetMap(ReadOnlySpan<byte> utf8, OffsetUnit unit)
    {
        var offsets = new int[utf8.Length + 1];
        var count = 0;
        for (var at = 0; at < utf8.Length; at++)
        {
            var isInside = (utf8[at] & 0xC0) == 0x80;
            if (unit == OffsetUnit.Bytes || !isInside)
            {
                offsets[count++] = isInside ? Inside : at;
            }

            if (unit == OffsetUnit.Utf16 && utf8[at] >= 0xF0)
            {
                // The second half of a surrogate pair.
                offsets[count++] = Inside;
            }
        }

        offsets[count++] = utf8.Length;
        _bytes = offsets[..count];
    }

    /// <summary>A span in bytes.</summary>
    /// <exception cref="UnusableAnswerException">It is empty, lies outside the text or cuts a character.</exception>
    public TextSpan SpanOf(int start, int end)
    {
        if (start < 0 || end <= start || end >= _bytes.Length || _bytes[start] == Inside || _bytes[end] == Inside)
        {
            throw new UnusableAnswerException();
        }

        return new TextSpan(_bytes[start], _bytes[end] - _bytes[start]);
    }
}
