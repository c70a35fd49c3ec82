using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>The keywords of one entry as a grammar of the scanning engine, by which they are found in encoded text too.</summary>
internal sealed class KeywordGrammar(FuzzyWords words, int count) : IScanGrammar
{
    public int RuleCount => count;

    public IScanMatcher NewMatcher(int[] rules) => new Matcher(words, rules);

    /// <summary>Looks for keywords in one form of a text. A phrase may go on to the end, so it waits for the whole.</summary>
    private sealed class Matcher(FuzzyWords words, int[] rules) : IScanMatcher
    {
        private readonly List<FuzzyMatch> _matches = [];
        private FuzzySearch? _search;

        public long Steps { get; private set; }

        public void Reset() => Steps = 0;

        // It keeps nothing between looks.
        public void CopyFrom(IScanMatcher other) => Reset();

        public long Find(in ScanWindow window, List<Candidate> found)
        {
            if (!window.IsEnd)
            {
                return window.Origin + window.Context;
            }

            using var folded = FoldedText.Rent();
            TextFolder.Fold(window.Bytes, folded);
            if (folded.HasExcessiveIgnorables)
            {
                throw new ScanBoundException(ScanBound.Ignorables);
            }

            _matches.Clear();
            Steps += window.Bytes.Length + (_search ??= new FuzzySearch(words)).Find(folded.Utf8, _matches);
            foreach (var match in _matches)
            {
                var (start, length) = folded.ToOriginal(match.Start, match.Length);
                found.Add(new Candidate(window.Origin + start, window.Origin + start + length, rules[match.Keyword]));
            }

            return window.End;
        }
    }
}
