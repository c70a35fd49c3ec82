using LlmGuard.Scanning.Folding.Fuzzy;

namespace LlmGuard.Scanning.Folding;

/// <summary>Follows the phrases whose first words have been seen, word by word.</summary>
internal sealed class PhraseTracker(FuzzyVocabulary vocabulary, Func<int, int> limit)
{
    /// <summary>Most bytes between two words of a phrase.</summary>
    public const int MaxGap = 256;

    private List<Begun> _begun = [];
    private List<Begun> _next = [];
    private int _lastEnd;

    /// <summary>How many elementary comparisons it took so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether no phrase has begun.</summary>
    public bool IsIdle => _begun.Count == 0;

    /// <summary>Starts on another text.</summary>
    public void Reset()
    {
        Leave();
        Steps = 0;
    }

    /// <summary>Gives up the phrases that have begun.</summary>
    public void Leave() => _begun.Clear();

    /// <summary>
    /// Where the first phrase begins that may go on behind an offset up to which there is no further word; the offset itself when there is none.
    /// </summary>
    public int FirstOpen(int end)
    {
        if (end - _lastEnd > MaxGap)
        {
            Leave();
        }

        var first = end;
        foreach (var begun in _begun)
        {
            first = Math.Min(first, begun.Start);
        }

        return first;
    }

    /// <summary>Goes on as if it had read what another tracker of the same vocabulary has read.</summary>
    public void CopyFrom(PhraseTracker other)
    {
        _begun.Clear();
        _begun.AddRange(other._begun);
        (_lastEnd, Steps) = (other._lastEnd, other.Steps);
    }

    /// <summary>Takes the next word of the text with what it resembles, and adds the phrases that end with it.</summary>
    public void Take(int start, int end, List<WordHit> hits, List<FuzzyMatch> matches)
    {
        if (hits.Count == 0 || start - _lastEnd > MaxGap)
        {
            // A word that belongs to no keyword ends every phrase, and so does a wide gap.
            Leave();
        }

        _lastEnd = end;
        if (hits.Count == 0)
        {
            return;
        }

        _next.Clear();
        Steps += hits.Count * (1 + _begun.Count);
        foreach (var hit in hits)
        {
            foreach (var begun in _begun)
            {
                if (begun.Phrase.Words[begun.Seen] == hit.Word)
                {
                    GoOn(begun with { Seen = begun.Seen + 1, Edits = begun.Edits + hit.Edits, Length = begun.Length + hit.Length }, end, matches);
                }
            }

            foreach (var phrase in vocabulary.PhrasesOf(hit.Word))
            {
                _next.Add(new Begun(phrase, start, 1, hit.Edits, hit.Length));
            }
        }

        (_begun, _next) = (_next, _begun);
    }

    private void GoOn(Begun begun, int end, List<FuzzyMatch> matches)
    {
        if (begun.Seen < begun.Phrase.Words.Length)
        {
            _next.Add(begun);
        }
        else if (begun.Edits <= limit(begun.Length))
        {
            matches.Add(new FuzzyMatch(begun.Phrase.Keyword, begun.Start, end - begun.Start, 1 - ((double)begun.Edits / begun.Length)));
        }
    }

    private readonly record struct Begun(FuzzyPhrase Phrase, int Start, int Seen, int Edits, int Length);
}
