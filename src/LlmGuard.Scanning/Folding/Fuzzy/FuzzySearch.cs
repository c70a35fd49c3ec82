using System.Runtime.CompilerServices;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Scanning.Folding.Fuzzy;

/// <summary>Searches texts for keywords, one after the other, without allocating. For one thread at a time; keeps hashes of words, no text.</summary>
/// <remarks>
/// Most words of a text have been met before and resembled nothing: those cost one look into a cache, however many keywords there are. The others
/// are compared with the keywords of about their length that have about their letters. Words too short to begin a keyword are not even looked at.
/// </remarks>
internal sealed class FuzzySearch
{
    // From so many on it costs more to compare a word than to look for it in a large table.
    private const int ManyWords = 1000;

    // Bytes of a row of letters of two scripts up to which it is asked for the words that it resembles by counting.
    private const int LongestForeign = 64;

    private readonly FuzzyWords _words;
    private readonly List<WordHit> _hits = [];
    private readonly PhraseTracker _phrases;
    private readonly CleanWordCache _clean;
    private readonly int[] _codePoints;
    private readonly int[] _row;
    private readonly Predicate<WordHit> _begins;
    private readonly int[] _nextLiterals;
    private SpacedLetters.Run _spaced;
    private int _next;
    private int _last;
    private bool _isWalking;
    private bool _isOverlong;

    public FuzzySearch(FuzzyWords words)
    {
        _words = words;
        _clean = new CleanWordCache(words.Vocabulary.Count > ManyWords);
        _phrases = new PhraseTracker(words.Vocabulary, words.Limit);
        _codePoints = new int[words.LongestWord + 1];
        _row = new int[words.LongestWord + FuzzyWords.LongestKeyword + 2];
        _nextLiterals = new int[words.Literals.Length];
        _begins = hit => words.Vocabulary.PhrasesOf(hit.Word).Count > 0 || (words.Vocabulary.KeywordsOf(hit.Word).Count > 0 && words.IsNear(hit));
    }

    /// <summary>The offset in the folded text before which all is decided: a match that was not reported begins there or later.</summary>
    public int Decided { get; private set; }

    /// <summary>Starts on another text.</summary>
    public void Reset()
    {
        _phrases.Reset();
        Array.Clear(_nextLiterals);
        (_next, _last, _isWalking, _isOverlong, Decided) = (0, 0, false, false, 0);
    }

    /// <summary>Goes on as if it had read what another search for the same keywords has read.</summary>
    public void CopyFrom(FuzzySearch other)
    {
        _phrases.CopyFrom(other._phrases);
        other._nextLiterals.CopyTo(_nextLiterals, 0);
        (_next, _last, _isWalking, _isOverlong, _spaced, Decided) =
            (other._next, other._last, other._isWalking, other._isOverlong, other._spaced, other.Decided);
    }

    /// <summary>Adds all matches in a folded text to a list, in no particular order.</summary>
    /// <param name="folded">The folded text.</param>
    /// <param name="matches">Receives the matches.</param>
    /// <returns>How many elementary comparisons it took.</returns>
    public long Find(ReadOnlySpan<byte> folded, List<FuzzyMatch> matches)
    {
        Reset();
        return Advance(folded, 0, isEnd: true, matches);
    }

    /// <summary>Adds the matches that are decided by what is known of a growing text, each once.</summary>
    /// <param name="folded">What is known of the folded text: from one character before <see cref="Decided"/> on, or more.</param>
    /// <param name="origin">Where in the folded text that begins.</param>
    /// <param name="isEnd">Whether the text ends there.</param>
    /// <param name="matches">Receives the matches.</param>
    /// <returns>How many elementary comparisons it took.</returns>
    public long Advance(ReadOnlySpan<byte> folded, int origin, bool isEnd, List<FuzzyMatch> matches)
    {
        var end = origin + folded.Length;
        Decided = end;
        for (var i = 0; i < _nextLiterals.Length; i++)
        {
            _words.Literals[i].Find(folded, origin, isEnd, ref _nextLiterals[i], matches);
            Decided = Math.Min(Decided, _nextLiterals[i]);
        }

        if (!_words.HasWords)
        {
            return 0;
        }

        var before = _phrases.Steps;
        var steps = FindWords(folded, origin, isEnd, matches);
        if (!isEnd)
        {
            Decided = Math.Min(Decided, _next);
            if (_isWalking)
            {
                Decided = Math.Min(Decided, Math.Min(_phrases.FirstOpen(_next), _spaced.FirstOpen(_next)));
            }
        }

        Array.Clear(_codePoints);
        return steps + _phrases.Steps - before;
    }

    private long FindWords(ReadOnlySpan<byte> folded, int origin, bool isEnd, List<FuzzyMatch> matches)
    {
        var steps = 0L;
        var at = _next - origin;
        var starts = new WordStarts(folded, WordBytes.Alphanumeric, _words.ShortestFirst, singles: true, _words.Edges.Filter);
        while (at < folded.Length)
        {
            if (_isOverlong && !TryLeaveWord(folded, origin, ref at))
            {
                break;
            }

            if (!_isWalking)
            {
                if (!TryNext(ref starts, folded, origin, isEnd, ref at, ref steps))
                {
                    break;
                }

                at = StartOf(folded, at, origin);
                _spaced = _words.Spaced.Start();
                _isWalking = true;
            }

            if (!TryWalk(folded, origin, isEnd, ref at, matches, ref steps))
            {
                break;
            }
        }

        at = _isOverlong ? folded.Length : at;
        _next = origin + (_isWalking || _isOverlong || isEnd ? at : FirstOpen(folded, at, origin));
        return steps;
    }

    // Goes on to the next word that keywords may begin with. It has the processor's registers for itself: nearly all words of a text are passed here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryNext(ref WordStarts starts, ReadOnlySpan<byte> folded, int origin, bool isEnd, ref int from, ref long steps)
    {
        var (words, edges, clean) = (_words, _words.Edges, _clean);
        var (at, count, behind) = (from, 0, 0);
        while ((at = starts.Next(at)) < folded.Length)
        {
            count++;
            if (folded[at] >= 0x80 && TryPassForeign(folded, origin, isEnd, at, out behind))
            {
                at = behind;
                continue;
            }

            var end = starts.EndOf(at);
            if (end - at == 1)
            {
                break;
            }

            if (!starts.IsAscii(at, end))
            {
                if (folded[at] < 0x80 && TryPassForeign(folded, origin, isEnd, at, out behind))
                {
                    at = behind;
                    continue;
                }

                break;
            }

            if (end == folded.Length && !isEnd)
            {
                _isOverlong = end - at > words.LongestWord;
                (from, steps) = (at, steps + count);
                return false;
            }

            // The cache is asked first: what hardly ever says "perhaps" is guessed right, and what half of the words pass is not.
            var hash = CleanWordCache.Hash(folded, at, end);
            if (!clean.BeginsNothing(hash))
            {
                if (edges.MayResemble(folded[at..end]) && words.MayBegin(end - at))
                {
                    break;
                }

                clean.AddWithin(hash);
            }

            at = end;
        }

        (from, steps) = (at, steps + count);
        return at < folded.Length;
    }

    // Passes over a row of word bytes with letters of another script, if nothing in it resembles a word that keywords begin with.
    private bool TryPassForeign(ReadOnlySpan<byte> folded, int origin, bool isEnd, int at, out int end)
    {
        var start = StartOf(folded, at, origin);
        if (ForeignRow.TryRead(folded, start, out var row))
        {
            end = start + row.Length;
            if ((end == folded.Length && !isEnd)
                || !((row.IsForeign && start == at && _words.IsAscii)
                    || (!row.HasOthers && ResemblesNothing(folded, start, end, row.Letters, row.Cyrillic))))
            {
                return false;
            }

            _last = origin + end;
            return true;
        }

        var length = folded[at..].IndexOfAnyInRange((byte)0, (byte)0x7F);
        end = length < 0 ? folded.Length : at + length;
        var isForeign = start == at;
        while (end < folded.Length && WordBytes.Alphanumeric.Contains(folded[end]))
        {
            (end, isForeign) = (end + 1, false);
            if (end - start > LongestForeign)
            {
                return false;
            }
        }

        if ((end == folded.Length && !isEnd)
            || !((isForeign && _words.IsAscii)
                || (end - start <= LongestForeign && FuzzyWords.TryCountLetters(folded[start..end], out var letters, out var cyrillic)
                    && ResemblesNothing(folded, start, end, letters, cyrillic))))
        {
            return false;
        }

        _last = origin + end;
        return true;
    }

    // A word has too many letters that no keyword has, or was met before. Letters that stand alone may be of a keyword written letter by letter.
    private bool ResemblesNothing(ReadOnlySpan<byte> folded, int start, int end, int letters, int foreign) =>
        _words.IsForeign(letters, foreign) || (letters > 1 && _clean.BeginsNothing(CleanWordCache.Hash(folded, start, end)));

    // Takes the next word, unless it may go on behind what is known. What was read can go on, or else the walk ends with the row of words.
    private bool TryWalk(ReadOnlySpan<byte> folded, int origin, bool isEnd, ref int at, List<FuzzyMatch> matches, ref long steps)
    {
        var words = new WordReader(folded, at);
        if (!words.MoveNext())
        {
            at = folded.Length;
            return false;
        }

        if (words.End == folded.Length && !isEnd)
        {
            at = words.Start;
            if (words.CodePoints > _words.LongestWord)
            {
                // It is no word of a keyword, however it goes on.
                _phrases.Leave();
                (_isWalking, _isOverlong) = (false, true);
            }

            return false;
        }

        Take(folded, words.Start, words.End, origin, words.CodePoints, matches, ref steps);
        at = words.End;
        _last = origin + at;
        _isWalking = !_phrases.IsIdle || _spaced.IsOpen || (at < folded.Length && WordBytes.Alphanumeric.Contains(folded[at]));
        return true;
    }

    // Goes to the end of a word that is too long to be of interest.
    private bool TryLeaveWord(ReadOnlySpan<byte> folded, int origin, ref int at)
    {
        while (at < folded.Length)
        {
            if (!WordReader.IsWordAt(folded, at, out _, out var length))
            {
                _isOverlong = false;
                _last = origin + at;
                return true;
            }

            at += length;
        }

        return false;
    }

    // Where the row begins that an offset is in: only decoding tells where a word begins in it.
    private int StartOf(ReadOnlySpan<byte> folded, int at, int origin)
    {
        while (at > Math.Max(0, _last - origin) && WordBytes.Alphanumeric.Contains(folded[at - 1]))
        {
            at--;
        }

        return at;
    }

    // Where to go on when more of the text is known: at the row of word bytes that the known part ends with, or at a letter that stands alone close
    // before it.
    private int FirstOpen(ReadOnlySpan<byte> folded, int at, int origin)
    {
        var least = Math.Max(0, _last - origin);
        var row = RowBefore(folded, at, least);
        if (_words.Spaced.IsEmpty || folded.Length - row > 4)
        {
            return row;
        }

        var gap = row;
        while (gap > least && row - gap <= WordStarts.MaxGap && !WordBytes.Alphanumeric.Contains(folded[gap - 1]))
        {
            gap--;
        }

        var letter = RowBefore(folded, gap, Math.Max(least, gap - 5));
        return gap - letter is >= 1 and <= 4 && (gap - letter == 1 || folded[letter] >= 0x80) ? letter : row;
    }

    private static int RowBefore(ReadOnlySpan<byte> folded, int at, int least)
    {
        while (at > least && WordBytes.Alphanumeric.Contains(folded[at - 1]))
        {
            at--;
        }

        return at;
    }

    private void Take(ReadOnlySpan<byte> folded, int from, int to, int origin, int codePoints, List<FuzzyMatch> matches, ref long steps)
    {
        var word = folded[from..to];
        var start = origin + from;
        _hits.Clear();
        if (_words.IsReachable(codePoints))
        {
            var hash = CleanWordCache.Hash(folded, from, to);
            if (_phrases.IsIdle ? !_clean.BeginsNothing(hash) : !_clean.Contains(hash))
            {
                Compare(word, hash, ref steps);
            }
        }

        foreach (var hit in _hits)
        {
            if (_words.IsNear(hit))
            {
                foreach (var keyword in _words.Vocabulary.KeywordsOf(hit.Word))
                {
                    matches.Add(new FuzzyMatch(keyword, start, word.Length, 1 - ((double)hit.Edits / hit.Length)));
                }
            }
        }

        _phrases.Take(start, start + word.Length, _hits, matches);
        _spaced.Take(word, start, codePoints, matches);
    }

    private void Compare(ReadOnlySpan<byte> utf8, ulong hash, ref long steps)
    {
        var words = new WordReader(utf8);
        words.MoveNext();
        var word = _codePoints.AsSpan(0, words.CodePoints);
        words.CopyTo(word);
        _words.Find(word, words.Mask, _row, _hits, ref steps);
        if (_hits.Count == 0)
        {
            _clean.Add(hash);
        }
        else if (!_hits.Exists(_begins))
        {
            _clean.AddWithin(hash);
        }
    }
}
