namespace LlmGuard.Execution;

/// <summary>How much memory a detached copy of a content holds.</summary>
internal static class ContentSize
{
    /// <summary>What a segment costs besides its text.</summary>
    private const int PerSegment = 160;

    public static long Of(GuardrailContent content)
    {
        long size = 0;
        for (var i = 0; i < content.TotalCount; i++)
        {
            ref readonly var data = ref content.DataAt(i);
            size += PerSegment + data.Utf8.Length + ((data.Utf16?.Length ?? 0) * 2L);
        }

        return size;
    }
}
