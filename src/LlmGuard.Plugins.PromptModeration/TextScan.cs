using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Searches texts for the rules of one entry. For one evaluation at a time; keeps offsets between them, no text.</summary>
internal sealed class TextScan(ModerationSettings settings)
{
    private readonly List<FuzzyMatch> _matches = [];
    private readonly FuzzySearch _keywords = new(settings.Keywords);
    private readonly EncodedSearch _encoded = new(settings.Plan);
    private readonly PatternSearch[] _written = [.. settings.Patterns.Select(p => new PatternSearch(p.Written))];
    private readonly PatternSearch?[] _folded = new PatternSearch?[settings.Patterns.Count];

    /// <summary>Whether a text with very many hits has left it too large to be kept.</summary>
    public bool IsOversized => _matches.Capacity > PatternSearch.LargestKept || _written.Any(s => s.IsOversized) || _folded.Any(s => s is { IsOversized: true });

    /// <summary>Adds all hits in a text, in no particular order.</summary>
    /// <returns>Why the text could not be judged, or null.</returns>
    public string? Find(ReadOnlySpan<byte> utf8, List<TextHit> hits, CancellationToken cancellationToken)
    {
        if (utf8.IsEmpty)
        {
            return null;
        }

        using var folded = FoldedText.Rent();
        TextFolder.Fold(utf8, folded);
        if (folded.HasExcessiveIgnorables)
        {
            return FailureReasons.Undecodable;
        }

        try
        {
            FindWritten(utf8, hits, cancellationToken);
            FindFolded(utf8, folded, hits, cancellationToken);
            if (folded.HasTags)
            {
                TextFolder.Fold(utf8, folded, TagReading.AsText);
                FindFolded(utf8, folded, hits, cancellationToken);
            }

            _encoded.Find(utf8, hits);
            return null;
        }
        catch (ScanBoundException bound)
        {
            // What cannot be judged must not pass as clean.
            return bound.Bound == ScanBound.PatternSteps ? FailureReasons.PatternBound : FailureReasons.Uninspected;
        }
    }

    private void FindWritten(ReadOnlySpan<byte> utf8, List<TextHit> hits, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _written.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var match in _written[i].Find(utf8))
            {
                hits.Add(new TextHit(settings.KeywordCount + i, new TextSpan((int)match.Start, (int)(match.End - match.Start)), 1));
            }
        }
    }

    private void FindFolded(ReadOnlySpan<byte> utf8, FoldedText folded, List<TextHit> hits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _matches.Clear();
        _keywords.Find(folded.Utf8, _matches);
        foreach (var match in _matches)
        {
            var (start, length) = folded.ToOriginal(match.Start, match.Length);
            hits.Add(new TextHit(match.Keyword, new TextSpan(start, length), match.Similarity));
        }

        for (var i = 0; i < _folded.Length && !folded.IsIdentity; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var search = _folded[i] ??= new PatternSearch(settings.Patterns[i].Folded);
            foreach (var match in search.Find(folded.Utf8))
            {
                // Text without disguise has been searched as written, with regard to case.
                var (at, count) = ((int)match.Start, (int)(match.End - match.Start));
                var (start, length) = folded.ToOriginal(at, count);
                if (!System.Text.Ascii.EqualsIgnoreCase(utf8.Slice(start, length), folded.Utf8.Slice(at, count)))
                {
                    hits.Add(new TextHit(settings.KeywordCount + i, new TextSpan(start, length), 1));
                }
            }
        }
    }
}
