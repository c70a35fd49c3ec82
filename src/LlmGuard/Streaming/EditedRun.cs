namespace LlmGuard.Streaming;

/// <summary>A stretch of a text that an earlier entry put in the place of another.</summary>
/// <param name="Start">Offset in the text as it is now.</param>
/// <param name="Length">Its length now.</param>
/// <param name="OriginalStart">Offset of what it stands for in the upstream's text.</param>
/// <param name="OriginalLength">Length of that.</param>
internal readonly record struct EditedRun(long Start, int Length, long OriginalStart, int OriginalLength)
{
    public long End => Start + Length;

    public int Growth => Length - OriginalLength;
}
