using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LlmGuard.Scanning.Lexing;

/// <summary>Words of at most sixteen bytes of ASCII and what they mean, looked up without a branch that could be mispredicted. Immutable.</summary>
/// <remarks>
/// Half of the words of a sentence are in a lexicon of common words and half are not, in no order that a processor could learn, so that every look
/// takes the same way: a word is two numbers, of its first eight bytes and of those behind them. They give a bucket, which gives the one place where
/// the word stands if it is there at all. No two words share a place: for each bucket a factor is found at the start that leads its words to free
/// places.
/// </remarks>
/// <typeparam name="T">What a word means; the default for what is no word of the table.</typeparam>
internal sealed class ShortWords<T>
    where T : unmanaged
{
    /// <summary>Bytes of the longest word.</summary>
    public const int Longest = 16;

    private const int Head = sizeof(ulong);

    // By length: which bits of the first eight bytes, and of the next eight, are the word's.
    private readonly (ulong First, ulong Second)[] _masks =
        [.. Enumerable.Range(0, Longest + 1).Select(static length => (Mask(Math.Min(length, Head)), Mask(Math.Max(0, length - Head))))];

    private readonly (ulong First, ulong Second)[] _places;
    private readonly T[] _meanings;
    private readonly uint[] _factors;
    private readonly int _bucketShift;
    private readonly int _placeShift;

    /// <param name="words">Distinct words. Those that are longer, or not in ASCII, are left out.</param>
    public ShortWords(IEnumerable<(string Word, T Meaning)> words)
    {
        Span<byte> padded = stackalloc byte[Longest];
        var known = new List<(ulong First, ulong Second, T Meaning)>();
        foreach (var (word, meaning) in words)
        {
            if (word.Length is > 0 and <= Longest && Ascii.IsValid(word))
            {
                padded.Clear();
                Encoding.ASCII.GetBytes(word, padded);
                known.Add((MemoryMarshal.Read<ulong>(padded), MemoryMarshal.Read<ulong>(padded[Head..]), meaning));
            }
        }

        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, known.Count * 2));
        (_places, _meanings, _factors) = (new (ulong, ulong)[size], new T[size], new uint[size / 4]);
        _bucketShift = 64 - BitOperations.Log2((uint)size / 4);
        _placeShift = 32 - BitOperations.Log2((uint)size);
        foreach (var bucket in known.GroupBy(p => Hash(p.First, p.Second) >> _bucketShift).OrderByDescending(b => b.Count()))
        {
            _factors[bucket.Key] = Settle([.. bucket]);
        }
    }

    /// <summary>Looks words up, one after the other.</summary>
    public Reader Read() => new(this);

    // The first factor by which all words of a bucket come to free places.
    private uint Settle((ulong First, ulong Second, T Meaning)[] words)
    {
        for (var factor = 1U; factor < 2 * _places.Length; factor += 2)
        {
            var places = words.Select(w => PlaceOf(Hash(w.First, w.Second), factor)).ToArray();
            if (places.All(p => p != 0 && _places[p].First == 0) && places.Distinct().Count() == places.Length)
            {
                for (var i = 0; i < words.Length; i++)
                {
                    (_places[places[i]], _meanings[places[i]]) = ((words[i].First, words[i].Second), words[i].Meaning);
                }

                return factor;
            }
        }

        throw new ArgumentException("The words cannot be told from each other.", nameof(words));
    }

    private int PlaceOf(ulong hash, uint factor) => (int)PlaceOf(hash, factor, _placeShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint PlaceOf(ulong hash, uint factor, int placeShift) => ((uint)(hash >> 16) * factor) >> placeShift;

    // Turned by no whole number of bytes, or words of few letters would meet in sums that are the same.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ulong first, ulong second) => (first + BitOperations.RotateLeft(second, 23)) * 0x9E3779B97F4A7C15UL;

    private static ulong Mask(int bytes) => bytes == 0 ? 0 : ulong.MaxValue >> (64 - (8 * bytes));

    /// <summary>The table as a loop over words has it at hand.</summary>
    public readonly ref struct Reader
    {
        private readonly ref (ulong First, ulong Second) _masks;
        private readonly ref uint _factors;
        private readonly ref (ulong First, ulong Second) _places;
        private readonly ref T _meanings;
        private readonly int _bucketShift;
        private readonly int _placeShift;

        internal Reader(ShortWords<T> words)
        {
            _masks = ref MemoryMarshal.GetArrayDataReference(words._masks);
            _factors = ref MemoryMarshal.GetArrayDataReference(words._factors);
            _places = ref MemoryMarshal.GetArrayDataReference(words._places);
            _meanings = ref MemoryMarshal.GetArrayDataReference(words._meanings);
            (_bucketShift, _placeShift) = (words._bucketShift, words._placeShift);
        }

        /// <summary>The meaning of a word.</summary>
        /// <param name="word">Its first byte, from which on sixteen can be read, the word's of ASCII alone.</param>
        /// <param name="length">How many bytes it has, from 1 to <see cref="Longest"/>.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Find(ref byte word, nint length)
        {
            ref readonly var mask = ref Unsafe.Add(ref _masks, length);
            var first = Unsafe.ReadUnaligned<ulong>(ref word) & mask.First;
            var second = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, Head)) & mask.Second;
            var hash = Hash(first, second);
            var place = PlaceOf(hash, Unsafe.Add(ref _factors, (nuint)(hash >> _bucketShift)), _placeShift);
            ref readonly var found = ref Unsafe.Add(ref _places, place);

            // No word stands at the first place.
            var difference = (found.First ^ first) | (found.Second ^ second);
            var isSame = (uint)((difference | (0 - difference)) >> 63) - 1;
            return Unsafe.Add(ref _meanings, place & isSame);
        }
    }
}
