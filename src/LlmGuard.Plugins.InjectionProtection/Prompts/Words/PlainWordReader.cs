using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

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

    // Words that are placed before they are looked up: so many that they stay near.
    private const int MostPlaced = 256;

    // A point is told from the signs that join words by being a sign that ends sentences as well, an apostrophe from the others by being a divider.
    private static readonly ByteKinds Kinds = new(
        static b => AsciiByte.IsAlphanumeric(b) || b == '_',
        static b => AsciiByte.IsLetter(b),
        static b => b is (byte)'\'' or (byte)'-' or (byte)'.',
        static b =>
            b is (byte)'\n' or (byte)'|' or (byte)'{' or (byte)'[' or (byte)'<' or (byte)'"' or (byte)'`' or (byte)'>' or (byte)'}' or (byte)'\'',
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
    public static void Read(ReadOnlySpan<byte> text, int from, ref SentenceState state, WordRow words)
    {
        var going = new Going { Sentence = state.Sentence - (state.IsStart ? 1 : 0), Unit = state.IsStart ? 1UL : 0,
            Quoted = state.IsQuoted ? ulong.MaxValue : 0 };
        var whole = Math.Max(0, ((text.Length - from) / Width) - 1);
        if (whole > 0)
        {
            ReadBlocks(text, ref Unsafe.Add(ref MemoryMarshal.GetReference(text), from), whole, from, ref going, words);
        }

        // Behind the end of the text there is nothing to load, so that the rest is looked at with blanks behind it.
        var tail = from + (whole * Width);
        Span<byte> rest = stackalloc byte[Before + (3 * Width)];
        rest.Clear();
        var shared = Math.Min(Before, tail);
        text[(tail - shared)..].CopyTo(rest[(Before - shared)..]);
        ReadBlocks(text, ref rest[Before], (text.Length - tail + Width - 1) / Width, tail, ref going, words);
        state = new SentenceState(going.Sentence + (int)going.Unit, going.Unit != 0, going.Quoted != 0);
    }

    /// <param name="text">The text.</param>
    /// <param name="here">The first byte of the blocks, behind which there is another one.</param>
    /// <param name="count">How many blocks there are.</param>
    /// <param name="offset">Their offset in the text.</param>
    /// <param name="going">What goes on from block to block.</param>
    /// <param name="words">Receives the words.</param>
    /// <remarks>
    /// First where the words of some blocks are, then what they mean: all that either asks for stays in registers, and the fewer loops end, the fewer
    /// ends are mispredicted.
    /// </remarks>
    private static void ReadBlocks(ReadOnlySpan<byte> text, ref byte here, int count, int offset, ref Going going, WordRow words)
    {
        var (sorting, state, placed) = (Kinds, going, 0);
        ref var origin = ref Unsafe.Subtract(ref here, offset);
        sorting.Sort(ref here, out var next);
        for (var block = 0; block < count; block++)
        {
            var kinds = next;
            sorting.Sort(ref Unsafe.Add(ref here, (block + 1) * Width), out next);
            var masks = Mask(kinds, next, ref state);
            var filled = Place(masks, offset + (block * Width), ref state, ref words.Reserve(Width / 2));
            words.Take(filled);
            placed += filled;
            if (state.HasApostrophe || placed >= MostPlaced)
            {
                LookUp(text, ref origin, words, words.Count - placed);
                placed = 0;
                if (state.HasApostrophe)
                {
                    LookUpParts(text, words, words.Count - filled);
                }
            }
        }

        LookUp(text, ref origin, words, words.Count - placed);
        going = state;
    }

    // Where the words are that end in a block, and in which sentences.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Place(in Masks masks, int at, ref Going state, ref Word room)
    {
        var (starts, units, quotes, sentence) = (masks.Starts, masks.Units, masks.Quoted, state.Sentence);
        var (start, unit, quoted) = (state.Start, state.StartsUnit, state.IsQuoted);
        if (!masks.GoesOn)
        {
            (start, unit, quoted) = Next(ref starts, units, quotes, at);
        }

        var filled = 0;
        for (var ends = masks.Ends; ends != 0; ends &= ends - 1)
        {
            sentence += unit;
            ref var word = ref Unsafe.Add(ref room, filled++);
            (word.Start, word.End) = (start, at + BitOperations.TrailingZeroCount(ends) + 1);
            (word.Sentence, word.StartsUnit, word.IsQuoted) = (sentence, unit != 0, quoted != 0);
            (start, unit, quoted) = Next(ref starts, units, quotes, at);
        }

        (state.Start, state.StartsUnit, state.IsQuoted, state.Sentence) = (start, unit, quoted, sentence);
        return filled;
    }

    /// <param name="text">The text.</param>
    /// <param name="origin">Where the text would begin of which some bytes are at hand: those of the words.</param>
    /// <param name="words">The words; receive their classes.</param>
    /// <param name="from">The first of those to look up.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LookUp(ReadOnlySpan<byte> text, ref byte origin, WordRow words, int from)
    {
        words.Open(from, out var open, out var classes);
        Span<short> odd = stackalloc short[MostPlaced + (Width / 2)];
        foreach (var i in odd[..LookUpAll(ref origin, open, classes, odd)])
        {
            var word = open[i].In(text);
            if (word.Length > ShortWords<WordClass>.Longest)
            {
                // One with an apostrophe is looked up in parts, once.
                classes[i] = word.Contains((byte)'\'') ? WordClass.None : FindSlowly(text, ref open[i]);
            }
            else if (classes[i] == WordClass.None)
            {
                // What is in the lexicon as it is spelt is not taken for another word in disorder.
                classes[i] = open[i].Class = ScrambledWords.Find(word);
            }
        }
    }

    /// <returns>
    /// How many words must be looked at more closely, whose numbers were written to <paramref name="odd"/>: long ones, and such as may be in
    /// disorder.
    /// </returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LookUpAll(ref byte origin, Span<Word> words, Span<WordClass> classes, Span<short> odd)
    {
        var count = 0;
        var lexicon = Lexicon.Short.Read();
        var ends = ScrambledWords.Read();
        ref var word = ref MemoryMarshal.GetReference(words);
        ref var known = ref MemoryMarshal.GetReference(classes[..words.Length]);
        ref var next = ref MemoryMarshal.GetReference(odd[..words.Length]);
        for (var i = 0; i < words.Length; i++)
        {
            var length = (nint)word.End - word.Start;
            Unsafe.Add(ref next, (nint)count) = (short)i;
            if (length <= ShortWords<WordClass>.Longest)
            {
                ref var first = ref Unsafe.Add(ref origin, (nint)word.Start);
                var found = lexicon.Find(ref first, length);
                (word.Class, known) = (found, found);
                count += ends.Have(first, Unsafe.Add(ref first, length - 1), length);
            }
            else
            {
                count++;
            }

            word = ref Unsafe.Add(ref word, 1);
            known = ref Unsafe.Add(ref known, 1);
        }

        return count;
    }

    // What an apostrophe parts from its word: an article, or what tells that something is the word's.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LookUpParts(ReadOnlySpan<byte> text, WordRow words, int from)
    {
        words.Open(from, out var open, out var classes);
        for (var i = 0; i < open.Length; i++)
        {
            if (open[i].In(text).Contains((byte)'\''))
            {
                classes[i] = FindSlowly(text, ref open[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WordClass FindSlowly(ReadOnlySpan<byte> text, ref Word word)
    {
        word.Start += WordReader.Article(word.In(text));
        word.Class = word.End - word.Start <= WordReader.LongestWord ? Lexicon.Find(word.In(text)) : WordClass.None;
        return word.Class;
    }

    // The next word that starts in a block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Start, int Unit, int Quoted) Next(ref ulong starts, ulong units, ulong quotes, int at)
    {
        var start = BitOperations.TrailingZeroCount(starts);
        starts &= starts - 1;
        return (at + start, (int)(units >> start) & 1, (int)(quotes >> start) & 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Masks Mask(in KindMasks kinds, in KindMasks next, ref Going going)
    {
        var masks = default(Masks);
        var word = kinds[(int)Kind.Word];
        var letterBehind = (kinds[(int)Kind.Letter] >> 1) | (next[(int)Kind.Letter] << 63);
        var (joining, stops) = (kinds[(int)Kind.Joining], kinds[(int)Kind.Stop]);
        var joints = joining & ~stops & ((word << 1) | going.Word) & letterBehind;
        going.Word = word >> 63;

        // The sign after this block may join as well.
        var nextJoining = next[(int)Kind.Joining] & ~next[(int)Kind.Stop] & going.Word & (next[(int)Kind.Letter] >> 1);
        var inWord = word | joints;
        masks.Ends = inWord & ~((inWord >> 1) | ((next[(int)Kind.Word] | nextJoining) << 63));
        masks.Starts = inWord & ~((inWord << 1) | going.IsOpen);
        masks.GoesOn = going.IsOpen != 0;
        going.HasApostrophe = (joints & kinds[(int)Kind.Divider]) != 0 || (masks.GoesOn && going.HasApostrophe);
        going.IsOpen = (inWord & ~masks.Ends) >> 63;

        // A divider in a gap, added to the bits of the gap, runs over into the first byte of the word behind it.
        var behindStop = (kinds[(int)Kind.BehindStop] >> 1) | (next[(int)Kind.BehindStop] << 63);
        var dividers = (kinds[(int)Kind.Divider] | (stops & (behindStop | (joining & letterBehind)))) & ~joints;
        var sum = ~inWord + dividers;
        var over = sum < dividers ? 1UL : 0;
        masks.Units = sum + going.Unit;
        going.Unit = masks.Units < sum ? 1 : over;

        var quotes = kinds[(int)Kind.Quote];
        if ((quotes | going.Quoted) != 0)
        {
            (masks.Quoted, going.Quoted) = Quoted(quotes, kinds[(int)Kind.Line], going.Quoted);
        }

        return masks;
    }

    // Behind every quote quoted is what was not and the other way round; a line ends what is quoted.
    private static (ulong Quoted, ulong AtEnd) Quoted(ulong quotes, ulong lines, ulong before)
    {
        var quoted = quotes << 1;
        for (var width = 1; width < Width; width *= 2)
        {
            quoted ^= quoted << width;
        }

        quoted ^= before;
        var atEnd = (quoted ^ quotes) >> 63;
        for (var left = lines; left != 0; left &= left - 1)
        {
            var line = BitOperations.TrailingZeroCount(left);
            if ((quoted >> line & 1) != 0)
            {
                quoted ^= ulong.MaxValue << line;
                atEnd ^= 1;
            }
        }

        return (quoted, 0 - atEnd);
    }

    /// <summary>What is known of one block, one bit for each byte.</summary>
    private struct Masks
    {
        /// <summary>The first bytes of words.</summary>
        public ulong Starts;

        /// <summary>The last bytes of words.</summary>
        public ulong Ends;

        /// <summary>Among the first bytes of words those of sentences; the other bits mean nothing.</summary>
        public ulong Units;

        /// <summary>What stands between quotation marks.</summary>
        public ulong Quoted;

        /// <summary>Whether the block begins within a word.</summary>
        public bool GoesOn;
    }

    /// <summary>What goes on from one block to the next.</summary>
    private struct Going
    {
        /// <summary>1 when the last byte is a letter or the like.</summary>
        public ulong Word;

        /// <summary>1 when the last word goes on.</summary>
        public ulong IsOpen;

        /// <summary>1 when the next word starts a sentence.</summary>
        public ulong Unit;

        /// <summary>All bits when quotation marks are open.</summary>
        public ulong Quoted;

        /// <summary>Whether a word of the block, the one that goes on included, may have an apostrophe.</summary>
        public bool HasApostrophe;

        /// <summary>The sentence of the last word.</summary>
        public int Sentence;

        /// <summary>Where the word starts that goes on.</summary>
        public int Start;

        /// <summary>1 when a sentence starts with it.</summary>
        public int StartsUnit;

        /// <summary>1 when it is quoted.</summary>
        public int IsQuoted;
    }
}

/// <summary>Where in its sentences a text is.</summary>
/// <param name="Sentence">Number of the sentence of the next word.</param>
/// <param name="IsStart">Whether it starts with it.</param>
/// <param name="IsQuoted">Whether quotation marks are open.</param>
internal readonly record struct SentenceState(int Sentence, bool IsStart, bool IsQuoted);
