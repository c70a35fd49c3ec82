using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Searches whole texts for the rules of one entry. For one evaluation at a time; keeps offsets between them, no text.</summary>
/// <remarks>
/// It finds what a <see cref="ModerationScanner"/> finds in the same text, however that arrives, and leaves out the readings that the text cannot
/// have.
/// </remarks>
internal sealed class TextScan(ModerationSettings settings)
{
    // Decoding takes several times the memory of what it is given.
    private const int Window = 64 * 1024;

    private readonly FoldedScan _folded = new(settings.Folded, settings.FoldedNumbers, ScanPlan.ViewLimit);
    private readonly PatternRun[] _written = [.. settings.Patterns.Select((p, i) => new PatternRun(p.Written, settings.WrittenNumber(i)))];
    private IScanMatcher[]? _decoding;

    /// <summary>Whether a text with very many hits has left it too large to be kept.</summary>
    public bool IsOversized => _folded.IsOversized;

    /// <summary>Adds all hits in a text, in no particular order, some perhaps twice.</summary>
    /// <returns>Why the text could not be judged, or null.</returns>
    public string? Find(ReadOnlySpan<byte> utf8, List<Candidate> hits, CancellationToken cancellationToken)
    {
        if (utf8.IsEmpty)
        {
            return null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var isDecoded = EncodedTraces.MayHold(utf8);
            if (isDecoded || !TryFindWritten(utf8, hits, cancellationToken))
            {
                FindDecoded(utf8, hits, cancellationToken);
                isDecoded = true;
            }

            StepCount.Current?.Add(utf8.Length + StepsOf(isDecoded));

            return null;
        }
        catch (ScanBoundException bound)
        {
            // What cannot be judged must not pass as clean.
            return bound.Reason;
        }
    }

    // Searches a text in which nothing stands encoded. What patterns find where invisible characters are gone, only the other search tells.
    private bool TryFindWritten(ReadOnlySpan<byte> utf8, List<Candidate> hits, CancellationToken cancellationToken)
    {
        var window = new ScanWindow(utf8, context: 0, origin: 0, isEnd: true);
        _folded.Reset(hasPatterns: _written.Length > 0 && utf8.ContainsAnyExcept(TextFolder.KeptAscii));
        _folded.Find(window, hits);
        foreach (var pattern in _written)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pattern.Reset();
            pattern.Find(window, hits);
        }

        return !_folded.HasDropped || _written.Length == 0;
    }

    // Whoever counts, counts each of the searches once more where both were made: too much rather than too little.
    private long StepsOf(bool isDecoded) => _folded.Steps + ScanSession.StepsOf(_written) + (isDecoded ? ScanSession.StepsOf(_decoding!) : 0);

    private void FindDecoded(ReadOnlySpan<byte> utf8, List<Candidate> hits, CancellationToken cancellationToken)
    {
        _decoding ??= [.. settings.Plan.NewSession().Matchers];
        foreach (var matcher in _decoding)
        {
            matcher.Reset();
        }

        var (decided, end) = (0, 0);
        while (end < utf8.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            end = EndOfWindow(utf8, end);
            var start = decided;
            while (start > 0 && (decided - start < ScanPlan.Left || AsciiByte.IsContinuation(utf8[start])))
            {
                start--;
            }

            var window = new ScanWindow(utf8[start..end], decided - start, start, end == utf8.Length);
            var open = window.End;
            foreach (var matcher in _decoding)
            {
                open = Math.Min(open, matcher.Find(window, hits));
            }

            decided = (int)open;
        }
    }

    private static int EndOfWindow(ReadOnlySpan<byte> utf8, int at)
    {
        if (utf8.Length - at <= Window)
        {
            return utf8.Length;
        }

        var end = at + Window;
        while (AsciiByte.IsContinuation(utf8[end]))
        {
            end--;
        }

        return end;
    }
}
