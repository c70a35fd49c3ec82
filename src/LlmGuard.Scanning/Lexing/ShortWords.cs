using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LlmGuard.Scanning.Lexing;

/// <summary>Words of at most sixteen bytes of ASCII and what they mean, looked up without a branch that could be mispredicted. Immutable.</summary>
/// <remarks>
/// Half of the words of a sentence are in a lexicon of common words and half are not, in no order that a processor could learn, so that every look
/// takes the same way: a word is two numbers, of its first and its last eight bytes. They give a bucket, which gives the one place where the word
/// stands if it is there at all. No two words share a place: for each bucket a factor is found at the start that leads its words to free places.
/// </remarks>
/// <typeparam name="T">What a word means; the default for what is no word of the table.</typeparam>
internal sealed class ShortWords<T>
    where T : unmanaged
{
    /// <summary>Bytes of the longest word.</summary>
    public const int Longest = 16;

    private const int Head = sizeof(ulong);

    // By length, since a comparison with eight is a branch.
    private readonly Cut[] _cuts = [.. Enumerable.Range(0, Longest + 1).Select(static length => new Cut(length))];

    private readonly Place[] _places;
    private readonly ushort[] _shifts;
    private readonly int _bucketShift;
    private readonly int _placeShift;

    /// <param name="words">Distinct words. Those that are longer, or not in ASCII, are left out.</param>
    public ShortWords(IEnumerable<(string Word, T Meaning)> words)
    {
        Span<byte> padded = stackalloc byte[Longest];
        var known = new List<Place>();
        foreach (var (word, meaning) in words)
        {
            if (word.Length is > 0 and <= Longest && Ascii.IsValid(word))
            {
                padded.Clear();
                Encoding.ASCII.GetBytes(word, padded);
                var (first, last) = Ends(ref _cuts[0], ref padded[0], word.Length);
                known.Add(new Place(first, last, meaning));
            }
        }

        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, known.Count * 2));
        (_places, _shifts, _bucketShift) = (new Place[size], new ushort[size / 4], 64 - BitOperations.Log2((uint)size / 4));
        _placeShift = 32 - BitOperations.Log2((uint)size);
        foreach (var bucket in known.GroupBy(p => Hash(p.First, p.Last) >> _bucketShift).OrderByDescending(b => b.Count()))
        {
            _shifts[bucket.Key] = Settle([.. bucket]);
        }
    }

    /// <summary>Looks words up, one after the other.</summary>
    public Reader Read() => new(this);

    // The first shift by which all words of a bucket come to free places.
    private ushort Settle(Place[] words)
    {
        for (var shift = 0; shift < _places.Length; shift++)
        {
            var places = words.Select(w => PlaceOf(Hash(w.First, w.Last), (uint)shift)).ToArray();
            if (places.All(p => p != 0 && _places[p].First == 0) && places.Distinct().Count() == places.Length)
            {
                for (var i = 0; i < words.Length; i++)
                {
                    _places[places[i]] = words[i];
                }

                return (ushort)shift;
            }
        }

        throw new ArgumentException("The words cannot be told from each other.", nameof(words));
    }

    private int PlaceOf(ulong hash, uint shift) => (int)PlaceOf(hash, shift, _placeShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint PlaceOf(ulong hash, uint shift, int placeShift) => ((uint)(hash >> 16) * ((2 * shift) + 1)) >> placeShift;

    // Multiplied one by one, or words of few letters would meet in sums that are the same.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ulong first, ulong last) => ((first * 0x9E3779B97F4A7C15UL) ^ BitOperations.RotateLeft(last, 23)) * 0xD6E8FEB86659FD93UL;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong First, ulong Last) Ends(ref Cut cuts, ref byte word, int length)
    {
        ref readonly var cut = ref Unsafe.Add(ref cuts, (uint)length);
        var first = Unsafe.ReadUnaligned<ulong>(ref word) & cut.Bytes;
        return (first, (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, cut.Last)) & cut.Bytes) ^ cut.Mark);
    }

    /// <summary>The table as a loop over words has it at hand.</summary>
    public readonly ref struct Reader
    {
        private readonly ref Cut _cuts;
        private readonly ref ushort _shifts;
        private readonly ref Place _places;
        private readonly int _bucketShift;
        private readonly int _placeShift;

        internal Reader(ShortWords<T> words)
        {
            _cuts = ref MemoryMarshal.GetArrayDataReference(words._cuts);
            _shifts = ref MemoryMarshal.GetArrayDataReference(words._shifts);
            _places = ref MemoryMarshal.GetArrayDataReference(words._places);
            (_bucketShift, _placeShift) = (words._bucketShift, words._placeShift);
        }

        /// <summary>The meaning of a word.</summary>
        /// <param name="word">Its first byte, behind which at least eight can be read, of ASCII alone.</param>
        /// <param name="length">How many bytes it has, from 1 to <see cref="Longest"/>.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Find(ref byte word, int length)
        {
            var (first, last) = Ends(ref _cuts, ref word, length);
            var hash = Hash(first, last);
            var place = PlaceOf(hash, Unsafe.Add(ref _shifts, (nuint)(hash >> _bucketShift)), _placeShift);
            ref var found = ref Unsafe.Add(ref _places, place);

            // No word stands at the first place.
            var difference = (found.First ^ first) | (found.Last ^ last);
            var isSame = (uint)((difference | (0 - difference)) >> 63) - 1;
            return Unsafe.Add(ref _places, place & isSame).Meaning;
        }
    }

    /// <summary>What is taken of a word by its length.</summary>
    private readonly struct Cut(int length)
    {
        /// <summary>All bits of the bytes that it has among eight.</summary>
        public readonly ulong Bytes = length == 0 ? 0 : ulong.MaxValue >> (64 - (8 * Math.Min(length, Head)));

        /// <summary>The four lowest bits of the length, in bits that ASCII leaves free: words of eight bytes or more could else be alike.</summary>
        public readonly ulong Mark =
            ((ulong)(length & 1) << 63) | ((ulong)(length & 2) << 54) | ((ulong)(length & 4) << 45) | ((ulong)(length & 8) << 36);

        /// <summary>Where its last eight bytes begin.</summary>
        public readonly nuint Last = (nuint)Math.Max(0, length - Head);
    }

    private readonly struct Place(ulong first, ulong last, T meaning)
    {
        public readonly ulong First = first;
        public readonly ulong Last = last;
        public readonly T Meaning = meaning;
    }
}
