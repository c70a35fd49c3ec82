namespace LlmGuard.Http.Wire.Streams.Live.Framing;

/// <summary>Comments that only say that the connection lives, in the few words there are for it: nobody needs to judge them.</summary>
internal static class KeepAlive
{
    private const int LongestText = 24;

    private static readonly byte[][] Words =
        [.. new[] { "", "ping", "pong", "keepalive", "keep-alive", "heartbeat", "processing", "wait",
        "waiting" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Whether an event holds comments of that kind and no other text. A count or a time may stand with the word.</summary>
    public static bool Is(GuardrailContent content)
    {
        foreach (var segment in content)
        {
            var text = segment.Utf8.Span;
            if (text.Length > LongestText || !IsKnown(text.Trim(" \t0123456789:."u8)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKnown(ReadOnlySpan<byte> word)
    {
        foreach (var known in Words)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(word, known))
            {
                return true;
            }
        }

        return false;
    }
}
