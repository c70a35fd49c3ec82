using System.Text;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Scanning.Folding;

/// <summary>Finds keywords written letter by letter, as in <c>b o m b</c> or <c>b.o.m.b</c>.</summary>
internal sealed class SpacedLetters
{
    private const int Shortest = 3;
    private const int Longest = 32;

    private readonly Dictionary<string, int> _keywords = new(StringComparer.Ordinal);
    private int[] _lengths = [];

    /// <summary>Adds a keyword by its folded letters without separators.</summary>
    public void Add(string letters, int keyword)
    {
        if (letters.Length is >= Shortest and <= Longest
            && !letters.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && _keywords.TryAdd(letters, keyword)
            && Array.BinarySearch(_lengths, letters.Length) < 0)
        {
            _lengths = [.. _lengths.Append(letters.Length).Order()];
        }
    }

    /// <summary>Whether there is a keyword to look for.</summary>
    public bool IsEmpty => _lengths.Length == 0;

    /// <summary>Most bytes that a keyword takes letter by letter.</summary>
    public int LongestMatch => IsEmpty ? 0 : _lengths[^1] * (3 + WordStarts.MaxGap);

    /// <summary>Follows the single letters of one text.</summary>
    public Run Start() => new(this);

    /// <summary>The latest single letters of a text, as far back as the longest keyword.</summary>
    internal struct Run(SpacedLetters owner)
    {
        private Letters _letters;
        private Starts _starts;
        private int _count;
        private int _end;

        /// <summary>Whether the next letter could go on with the run.</summary>
        public readonly bool IsOpen => _count > 0;

        /// <summary>Where the run begins if it may go on behind an offset up to which there is no further word; else the offset itself.</summary>
        public readonly int FirstOpen(int end)
        {
            ReadOnlySpan<int> starts = _starts;
            return IsOpen && end - _end <= WordStarts.MaxGap ? starts[0] : end;
        }

        /// <summary>Takes the next word; only one of a single letter, close to the one before, goes on with the run.</summary>
        /// <param name="word">The word.</param>
        /// <param name="start">Where it begins.</param>
        /// <param name="codePoints">Its length in code points.</param>
        /// <param name="matches">Receives the matches.</param>
        public void Take(ReadOnlySpan<byte> word, int start, int codePoints, List<FuzzyMatch> matches)
        {
            if (codePoints != 1)
            {
                _count = 0;
                return;
            }

            if (owner._lengths.Length == 0)
            {
                return;
            }

            Rune.DecodeFromUtf8(word, out var rune, out _);
            if (!rune.IsBmp)
            {
                _count = 0;
                return;
            }

            if (_count > 0 && start - _end > WordStarts.MaxGap)
            {
                _count = 0;
            }

            Span<char> letters = _letters;
            Span<int> starts = _starts;
            if (_count == Longest)
            {
                letters[1..].CopyTo(letters);
                starts[1..].CopyTo(starts);
                _count--;
            }

            letters[_count] = (char)rune.Value;
            starts[_count++] = start;
            _end = start + word.Length;
            var lookup = owner._keywords.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var length in owner._lengths)
            {
                if (length <= _count && lookup.TryGetValue(letters.Slice(_count - length, length), out var keyword))
                {
                    matches.Add(new FuzzyMatch(keyword, starts[_count - length], _end - starts[_count - length], 1));
                }
            }
        }
    }

    [System.Runtime.CompilerServices.InlineArray(Longest)]
    private struct Letters
    {
        private char _first;
    }

    [System.Runtime.CompilerServices.InlineArray(Longest)]
    private struct Starts
    {
        private int _first;
    }
}
