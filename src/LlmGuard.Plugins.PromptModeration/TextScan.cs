using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Searches texts for the rules of one entry. For one evaluation.</summary>
internal sealed class TextScan(ModerationSettings settings, CancellationToken cancellationToken)
{
    private readonly List<FuzzyMatch> _matches = [];
    private readonly List<(int Start, int Length)> _spans = [];

    /// <summary>Adds all hits in a text, in no particular order.</summary>
    /// <returns>Why the text could not be judged, or null.</returns>
    public string? Find(ReadOnlySpan<byte> utf8, List<TextHit> hits)
    {
        if (utf8.IsEmpty)
        {
            return null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        using var folded = FoldedText.Rent();
        TextFolder.Fold(utf8, folded);
        if (folded.HasExcessiveIgnorables)
        {
            return FailureReasons.Undecodable;
        }

        var failure = FindPatterns(utf8, hits) ?? FindFolded(utf8, folded, hits);
        if (failure is not null || !folded.HasTags)
        {
            return failure;
        }

        TextFolder.Fold(utf8, folded, TagReading.AsText);
        return FindFolded(utf8, folded, hits);
    }

    private string? FindPatterns(ReadOnlySpan<byte> utf8, List<TextHit> hits)
    {
        if (settings.Patterns.Count == 0)
        {
            return null;
        }

        using var decoded = new DecodedText(utf8);
        for (var i = 0; i < settings.Patterns.Count; i++)
        {
            if (!Match(decoded, i, isFolded: false))
            {
                return FailureReasons.PatternBound;
            }

            foreach (var (start, length) in _spans)
            {
                hits.Add(new TextHit(settings.KeywordCount + i, new TextSpan(start, length), 1));
            }
        }

        return null;
    }

    private string? FindFolded(ReadOnlySpan<byte> utf8, FoldedText folded, List<TextHit> hits)
    {
        _matches.Clear();
        settings.Keywords.Find(folded.Utf8, _matches);
        foreach (var match in _matches)
        {
            var (start, length) = folded.ToOriginal(match.Start, match.Length);
            hits.Add(new TextHit(match.Keyword, new TextSpan(start, length), match.Similarity));
        }

        if (folded.IsIdentity || settings.Patterns.Count == 0)
        {
            return null;
        }

        using var decoded = new DecodedText(folded.Utf8);
        for (var i = 0; i < settings.Patterns.Count; i++)
        {
            if (!Match(decoded, i, isFolded: true))
            {
                return FailureReasons.PatternBound;
            }

            foreach (var (at, count) in _spans)
            {
                // Text without disguise has been searched as written, with regard to case.
                var (start, length) = folded.ToOriginal(at, count);
                if (!System.Text.Ascii.EqualsIgnoreCase(utf8.Slice(start, length), folded.Utf8.Slice(at, count)))
                {
                    hits.Add(new TextHit(settings.KeywordCount + i, new TextSpan(start, length), 1));
                }
            }
        }

        return null;
    }

    private bool Match(DecodedText text, int pattern, bool isFolded)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _spans.Clear();
        if (!settings.Patterns[pattern].TryFind(text.Chars, isFolded, _spans))
        {
            return false;
        }

        text.ToBytes(_spans);
        return true;
    }
}
