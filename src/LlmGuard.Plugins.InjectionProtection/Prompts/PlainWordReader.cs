using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Reads the words of ASCII as <see cref="WordReader"/> does, 64 bytes at a time.</summary>
/// <remarks>
/// Where words begin and end and what divides sentences are masks of 64 bits; that a gap between two words has a dividing sign in it is what
/// remains of an addition, and every word takes the same way. Nearly all of the time of the plain walk went into branches that were mispredicted.
/// </remarks>
internal static class PlainWordReader
{
    private const int Width = ByteKinds.Width;

    // The tail of a text stands behind as many bytes as a word that is looked up here may have before it.
    private const int Before = ShortWords<WordClass>.Longest;

    // A point is told from the signs that join words by being a sign that ends sentences as well, an apostrophe from the others by being a divider.
    private static readonly ByteKinds Kinds = new(
        static b => AsciiByte.IsAlphanumeric(b) || b == '_',
        static b => AsciiByte.IsLetter(b),
        static b => b is (byte)'\'' or (byte)'-' or (byte)'.',
        static b => b is (byte)'\n' or (byte)'|' or (byte)'{' or (byte)'[' or (byte)'<' or (byte)'"' or (byte)'`' or (byte)'>' or (byte)'}' or (byte)'\'',
        static b => b is (byte)'.' or (byte)'!' or (byte)'?' or (byte)':',
        static b => b is <= (byte)' ' or (byte)'"' or (byte)'\'' or (byte)')',
        static b => b is (byte)'"' or (byte)'`',
        static b => b == '\n');

    private enum Kind
    {
        Word,
        Letter,
        Joining,
        Divider,
        Stop,
        BehindStop,
        Quote,
        Line,
    }

    /// <summary>Reads words from an offset on to the end of a text, in which no byte from there on is outside ASCII.</summary>
    public static void Read(ReadOnlySpan<byte> text, int from, ref SentenceState state, List<Word> words)
    {
        var masks = new Masks(state);
        var whole = Math.Max(0, ((text.Length - from) / Width) - 1);
        if (whole > 0)
        {
            ReadBlocks(text, ref Unsafe.Add(ref MemoryMarshal.GetReference(text), from), whole, from, ref masks, words);
        }

        // Behind the end of the text there is nothing to load, so that the rest is looked at with blanks behind it.
        var tail = from + (whole * Width);
        Span<byte> rest = stackalloc byte[Before + (3 * Width)];
        rest.Clear();
        var shared = Math.Min(Before, tail);
        text[(tail - shared)..].CopyTo(rest[(Before - shared)..]);
        ReadBlocks(text, ref rest[Before], (text.Length - tail + Width - 1) / Width, tail, ref masks, words);
        state = masks.ToState();
    }

    /// <remarks>Optimised from the first call on: a long text is one call, which tiered compilation would take for a rare one.</remarks>
    /// <param name="text">The text.</param>
    /// <param name="here">The first byte of the blocks, behind which there is another one.</param>
    /// <param name="count">How many blocks there are.</param>
    /// <param name="offset">Their offset in the text.</param>
    /// <param name="known">What goes on from block to block.</param>
    /// <param name="words">Receives the words.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadBlocks(ReadOnlySpan<byte> text, ref byte here, int count, int offset, ref Masks known, List<Word> words)
    {
        var (lexicon, sorting, state) = (Lexicon.Short, Kinds, known);
        sorting.Sort(ref here, out var next);
        for (var block = 0; block < count; block++)
        {
            var kinds = next;
            sorting.Sort(ref Unsafe.Add(ref here, (block + 1) * Width), out next);
            var at = offset + (block * Width);
            if (!state.Take(kinds, next))
            {
                state.Next(at);
            }

            var filled = words.Count;
            CollectionsMarshal.SetCount(words, filled + (Width / 2) + 1);
            ref var word = ref Unsafe.Add(ref MemoryMarshal.GetReference(CollectionsMarshal.AsSpan(words)), filled);
            for (var ends = state.Ends; ends != 0; ends &= ends - 1)
            {
                var (start, end) = (state.Start, at + BitOperations.TrailingZeroCount(ends) + 1);
                start += state.HasApostrophe ? WordReader.Article(text[start..end]) : 0;
                var length = end - start;
                var found = length <= ShortWords<WordClass>.Longest
                    ? lexicon.Find(ref Unsafe.Add(ref here, start - offset), length)
                    : Lexicon.FindExact(text[start..end]);
                if (ScrambledWords.MayBe(Unsafe.Add(ref here, start - offset), Unsafe.Add(ref here, end - 1 - offset), length) && found == WordClass.None)
                {
                    found = ScrambledWords.Find(text[start..end]);
                }

                state.Sentence += state.Starts;
                word = new Word(found, start, end, state.Sentence, state.Starts != 0, state.IsQuoted != 0);
                word = ref Unsafe.Add(ref word, 1);
                filled++;
                state.Next(at);
            }

            CollectionsMarshal.SetCount(words, filled);
        }

        known = state;
    }

    /// <summary>What is known of one block, and what goes on in the next.</summary>
    private struct Masks(SentenceState state)
    {
        private ulong _starts;
        private ulong _units;
        private ulong _quoted;
        private ulong _wordBefore;
        private ulong _isOpen;
        private ulong _carry = state.IsStart ? 1UL : 0;
        private ulong _quote = state.IsQuoted ? ulong.MaxValue : 0;

        /// <summary>Where words end, one bit for the last byte of each.</summary>
        public ulong Ends;

        /// <summary>Where the word starts that ends next.</summary>
        public int Start;

        /// <summary>1 when a sentence starts with it.</summary>
        public int Starts;

        /// <summary>1 when it is quoted.</summary>
        public int IsQuoted;

        /// <summary>The sentence of the last word.</summary>
        public int Sentence = state.Sentence - (state.IsStart ? 1 : 0);

        /// <summary>Whether a word of the block may have an apostrophe.</summary>
        public bool HasApostrophe;

        public readonly SentenceState ToState() => new(Sentence + (int)_carry, _carry != 0, _quote != 0);

        /// <summary>Goes on to the next block.</summary>
        /// <returns>Whether a word goes on in it, so that the next word is known.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Take(in KindMasks kinds, in KindMasks next)
        {
            var word = kinds[(int)Kind.Word];
            var letterBehind = (kinds[(int)Kind.Letter] >> 1) | (next[(int)Kind.Letter] << 63);
            var (joining, stops) = (kinds[(int)Kind.Joining], kinds[(int)Kind.Stop]);
            var joints = joining & ~stops & ((word << 1) | _wordBefore) & letterBehind;
            _wordBefore = word >> 63;

            // The sign after this block may join as well.
            var nextJoining = next[(int)Kind.Joining] & ~next[(int)Kind.Stop] & _wordBefore & (next[(int)Kind.Letter] >> 1);
            var inWord = word | joints;
            Ends = inWord & ~((inWord >> 1) | ((next[(int)Kind.Word] | nextJoining) << 63));
            _starts = inWord & ~((inWord << 1) | _isOpen);
            HasApostrophe = (joints & kinds[(int)Kind.Divider]) != 0 || (_isOpen != 0 && HasApostrophe);

            var behindStop = (kinds[(int)Kind.BehindStop] >> 1) | (next[(int)Kind.BehindStop] << 63);
            var dividers = (kinds[(int)Kind.Divider] | (stops & (behindStop | (joining & letterBehind)))) & ~joints;

            // A divider in a gap, added to the bits of the gap, runs over into the first byte of the word behind it.
            var gaps = ~inWord;
            var sum = gaps + dividers;
            var over = sum < gaps ? 1UL : 0;
            sum += _carry;
            over |= sum < _carry ? 1UL : 0;
            (_units, _carry) = (sum & inWord, over);

            var quotes = kinds[(int)Kind.Quote];
            _quoted = _quote;
            if ((quotes | _quote) != 0)
            {
                ReadQuotes(quotes, kinds[(int)Kind.Line]);
            }

            var goesOn = _isOpen != 0;
            _isOpen = (inWord >> 63) & ~(Ends >> 63);
            return goesOn;
        }

        /// <summary>Goes on to the next word that starts in the block.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Next(int at)
        {
            var start = BitOperations.TrailingZeroCount(_starts);
            _starts &= _starts - 1;
            Start = at + start;
            Starts = (int)((_units >> start) & 1);
            IsQuoted = (int)((_quoted >> start) & 1);
        }

        // Behind every quote quoted is what was not and the other way round; a line ends what is quoted.
        private void ReadQuotes(ulong quotes, ulong lines)
        {
            var quoted = quotes << 1;
            for (var width = 1; width < Width; width *= 2)
            {
                quoted ^= quoted << width;
            }

            quoted ^= _quote;
            var atEnd = (quoted >> 63) ^ (quotes >> 63);
            for (var left = lines; left != 0; left &= left - 1)
            {
                var line = BitOperations.TrailingZeroCount(left);
                if ((quoted >> line & 1) != 0)
                {
                    quoted ^= ulong.MaxValue << line;
                    atEnd ^= 1;
                }
            }

            (_quoted, _quote) = (quoted, 0 - atEnd);
        }
    }
}

/// <summary>Where in its sentences a text is.</summary>
/// <param name="Sentence">Number of the sentence of the next word.</param>
/// <param name="IsStart">Whether it starts with it.</param>
/// <param name="IsQuoted">Whether quotation marks are open.</param>
internal readonly record struct SentenceState(int Sentence, bool IsStart, bool IsQuoted);
