namespace LlmGuard.Execution;

/// <summary>Measures content that has no body of its own to measure, and the characters of one that has.</summary>
internal static class ContentMetrics
{
    /// <summary>Unicode code points of all body text, property names apart.</summary>
    public static long CodePoints(GuardrailContent content)
    {
        var count = 0L;
        foreach (var segment in content)
        {
            if (segment.Source != SegmentSource.Body || segment.Payload != PayloadKind.Text || segment.Kind == SegmentKind.Key)
            {
                continue;
            }

            foreach (var value in segment.Utf8.Span)
            {
                count += (value & 0xC0) != 0x80 ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Adds the measures of a content to those of the body it was read from.</summary>
    public static BodyMetrics Measure(in BodyMetrics body, GuardrailContent content)
    {
        var bytes = 0L;
        var opaque = 0;
        foreach (var segment in content)
        {
            if (segment.Source == SegmentSource.Body)
            {
                bytes += segment.Utf8.Length;
                opaque += segment.Payload == PayloadKind.Text ? 0 : 1;
            }
        }

        return body with { Characters = CodePoints(content), TextBytes = bytes, OpaqueParts = opaque };
    }

    /// <summary>What plain code and other seams without a body are measured by: their text as UTF-8.</summary>
    public static BodyMetrics Of(GuardrailContent content)
    {
        var bytes = 0L;
        var messages = 0;
        foreach (var segment in content)
        {
            bytes += segment.Payload == PayloadKind.Text ? segment.Utf8.Length : segment.Bytes.Length;
            messages = Math.Max(messages, segment.Position.Message + 1);
        }

        var body = new BodyMetrics
        {
            HasBody = true,
            ContentLength = bytes,
            WireBytes = bytes,
            DecodedBytes = bytes,
            Messages = Math.Max(messages, content.Count > 0 ? 1 : 0),
        };
        return Measure(body, content);
    }
}
