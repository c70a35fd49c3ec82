namespace LlmGuard.Streaming;

/// <summary>
/// Looks at texts that each stand alone in an event, one after the other, for whether the entries have anything to say about them. What they would
/// say is not kept: such an event is then judged in full. Used by one thread at a time.
/// </summary>
internal sealed class LoneScan
{
    private readonly List<ISpanScanner> _scanners;
    private readonly List<SpanEdit> _reported = [];

    private LoneScan(List<ISpanScanner> scanners) => _scanners = scanners;

    /// <summary>Null when a scanner serves for one text only.</summary>
    public static LoneScan? Of(List<ISpanScanner> scanners) => scanners.TrueForAll(static s => s.TryReset()) ? new LoneScan(scanners) : null;

    /// <summary>Whether no entry finds anything in a text.</summary>
    public bool IsClean(ReadOnlySpan<byte> text)
    {
        try
        {
            foreach (var scanner in _scanners)
            {
                _reported.Clear();
                if (!scanner.TryReset() || scanner.Advance(text, 0, text.Length, isEnd: true, _reported) != text.Length || _reported.Count > 0)
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception)
        {
            // Judged in full the text meets the same exception, which is then that entry's failure.
            return false;
        }
    }
}
