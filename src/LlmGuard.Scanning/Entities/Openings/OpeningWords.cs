using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells which openings fit what stands at an offset, for those of which the first four bytes can be only few. Immutable.</summary>
/// <remarks>
/// Openings that go on alike after four bytes share a bit. A table of hashes of the four, letters in any case, tells which of these bits may stand
/// there, and one for each place after them which may go on: together they pass over nearly all there is.
/// </remarks>
internal sealed class OpeningWords
{
    /// <summary>Bytes that a word has.</summary>
    public const int Length = 4;

    private const int MostChoices = 96;
    private const uint AnyCase = 0x20202020;

    private const int Groups = 64;
    private const int HashBits = 16;

    // Where the tables begin: a bitmap of hashes, the groups by the upper bits of a hash, the groups by the bytes at each place after the first four.
    private const int ByHash = 1 << (HashBits - 6);
    private const int UpperBits = 11;
    private const int ByPlace = ByHash + (1 << UpperBits);

    private readonly ulong[] _tables = new ulong[ByPlace + ((Opening.Length - Length) * 256)];
    private readonly Dictionary<uint, (OpeningSets Sets, ulong Detectors)[]> _byWord;

    // For what is known by less than a word: streams ask for that with every piece.
    private readonly (OpeningSets Sets, ulong Detectors)[][] _byPair;
    private readonly (OpeningSets Sets, ulong Detectors)[] _short;

    /// <param name="openings">Openings for which <see cref="IsOne"/> holds, and the detectors they are of, one bit each.</param>
    public OpeningWords(IReadOnlyList<(OpeningSets Sets, ulong Detectors)> openings)
    {
        _byWord = openings.SelectMany(static opening => WordsOf(opening.Sets), static (opening, word) => (opening, word))
            .GroupBy(static pair => pair.word, static pair => pair.opening).ToDictionary(static group => group.Key, static group => group.ToArray());
        var byPair = openings.SelectMany(static opening => PairsOf(opening.Sets), static (opening, pair) => (opening, pair))
            .ToLookup(static o => o.pair, static o => o.opening);
        _byPair = [.. Enumerable.Range(0, 1 << 10).Select(pair => byPair[pair].ToArray())];
        _short = [.. openings.Where(static opening => opening.Sets.Takes(Length - 1, OpeningSets.Outside))];
        var groups = OpeningGroups.Of(openings, Groups, static sets => sets.AsciiFrom(0));
        for (var group = 0; group < groups.Length; group++)
        {
            foreach (var (sets, _) in groups[group])
            {
                Add(sets, 1UL << group);
            }
        }
    }

    /// <summary>The tables that <see cref="GroupsAt(ref ulong, ref byte)"/> looks into.</summary>
    public ref ulong Tables => ref MemoryMarshal.GetArrayDataReference(_tables);

    /// <summary>Whether the first bytes of an opening can be only few.</summary>
    public static bool IsOne(OpeningSets sets)
    {
        var choices = 1;
        for (var place = 0; place < Length && choices <= MostChoices; place++)
        {
            choices *= sets.CountAt(place);
        }

        return choices <= MostChoices;
    }

    /// <summary>Bits of those that may fit what stands at an offset, whatever stands before; 0 if none does.</summary>
    /// <param name="tables">See <see cref="Tables"/>.</param>
    /// <param name="here">The byte at the offset, after which all bytes follow that an opening looks at.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong GroupsAt(ref ulong tables, ref byte here)
    {
        ref var places = ref Unsafe.Add(ref tables, ByPlace);
        var hash = Hash(Unsafe.ReadUnaligned<uint>(ref here) | AnyCase);
        var isWord = 0 - (Unsafe.Add(ref tables, hash >> 6) >> (int)hash & 1);
        return isWord & Unsafe.Add(ref tables, ByHash + (hash >> (HashBits - UpperBits)))
            & Unsafe.Add(ref places, (nint)Unsafe.Add(ref here, 4)) & Unsafe.Add(ref places, 256 + (nint)Unsafe.Add(ref here, 5))
            & Unsafe.Add(ref places, 512 + (nint)Unsafe.Add(ref here, 6)) & Unsafe.Add(ref places, 768 + (nint)Unsafe.Add(ref here, 7));
    }

    /// <summary>The same of bytes that are at hand, the lowest first, of which so many are known: at least a word. Others fit all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong GroupsAt(ref ulong tables, ulong here, int known)
    {
        ref var places = ref Unsafe.Add(ref tables, ByPlace);
        var word = BitConverter.IsLittleEndian ? (uint)here : BinaryPrimitives.ReverseEndianness((uint)here);
        var hash = Hash(word | AnyCase);
        var isWord = 0 - (Unsafe.Add(ref tables, hash >> 6) >> (int)hash & 1);
        return isWord & Unsafe.Add(ref tables, ByHash + (hash >> (HashBits - UpperBits)))
            & (Unsafe.Add(ref places, (nint)(byte)(here >> 32)) | OpeningTable.Unknown(known, 4))
            & (Unsafe.Add(ref places, 256 + (nint)(byte)(here >> 40)) | OpeningTable.Unknown(known, 5))
            & (Unsafe.Add(ref places, 512 + (nint)(byte)(here >> 48)) | OpeningTable.Unknown(known, 6))
            & (Unsafe.Add(ref places, 768 + (nint)(byte)(here >> 56)) | OpeningTable.Unknown(known, 7));
    }

    /// <summary>Whether any begins with the first two of such bytes, letters in any case.</summary>
    public bool HasPair(ulong here) => _byPair[Pair((byte)here, (byte)(here >> 8))].Length > 0;

    /// <summary>Those of the detectors that are asked about of which an opening fits what stands at an offset, one bit each: of at least two bytes,
    /// unless the text ends there. Bytes that are not known yet fit all.</summary>
    public ulong At(ReadOnlySpan<byte> text, bool isEnd, int at, ulong wanted, ref OpeningCondition? refused)
    {
        if (text.Length - at < Length)
        {
            var known = isEnd ? _short : _byPair[Pair(text[at], text[at + 1])];
            return Fitting(known, text, isEnd, at, wanted, ref refused);
        }

        var word = MemoryMarshal.Read<uint>(text[at..]) | AnyCase;
        var hash = Hash(word);
        var isWord = (_tables[hash >> 6] >> (int)hash & 1) != 0;
        return isWord && _byWord.TryGetValue(word, out var openings) ? Fitting(openings, text, isEnd, at, wanted, ref refused) : 0;
    }

    /// <summary>Those of the detectors that are asked about of which one of some openings fits.</summary>
    /// <param name="openings">The openings.</param>
    /// <param name="text">What is known of the text.</param>
    /// <param name="isEnd">Whether it ends there.</param>
    /// <param name="at">The offset.</param>
    /// <param name="wanted">The detectors that are asked about.</param>
    /// <param name="refused">A condition that does not hold there, or null: many openings share one, which is asked once.</param>
    public static ulong Fitting(
        (OpeningSets Sets, ulong Detectors)[] openings, ReadOnlySpan<byte> text, bool isEnd, int at, ulong wanted, ref OpeningCondition? refused)
    {
        var detectors = 0UL;
        foreach (var (sets, ofOpening) in openings)
        {
            var condition = sets.Condition;
            if ((ofOpening & wanted & ~detectors) == 0 || (refused is not null && ReferenceEquals(condition, refused)) || !sets.Fit(text, isEnd, at))
            {
                continue;
            }

            if (condition is null || condition(text, at))
            {
                detectors |= ofOpening & wanted;
            }
            else
            {
                refused = condition;
            }
        }

        return detectors;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint word) => word * 0x9E3779B1 >> (32 - HashBits);

    private static int Pair(int first, int second) => ((first & 0x1F) << 5) | (second & 0x1F);

    private static int[] PairsOf(OpeningSets sets) =>
        [.. ValuesAt(sets, 0).SelectMany(first => ValuesAt(sets, 1).Select(second => Pair(first, second))).Distinct()];

    private void Add(OpeningSets sets, ulong bit)
    {
        foreach (var word in WordsOf(sets))
        {
            var hash = Hash(word);
            _tables[hash >> 6] |= 1UL << (int)hash;
            _tables[ByHash + (hash >> (HashBits - UpperBits))] |= bit;
        }

        for (var place = Length; place < Opening.Length; place++)
        {
            for (var value = 0; value < 256; value++)
            {
                _tables[ByPlace + ((place - Length) * 256) + value] |= sets.Takes(place, value) ? bit : 0;
            }

            _tables[ByPlace + ((place - Length) * 256) + OpeningTable.NoByte] |= sets.Takes(place, OpeningSets.Outside) ? bit : 0;
        }
    }

    private static uint[] WordsOf(OpeningSets sets)
    {
        IEnumerable<uint> words = [0];
        for (var place = 0; place < Length; place++)
        {
            var shift = (BitConverter.IsLittleEndian ? place : Length - 1 - place) * 8;
            int[] values = [.. ValuesAt(sets, place)];
            words = words.SelectMany(word => values.Select(value => word | ((uint)value << shift)));
        }

        return [.. words];
    }

    private static IEnumerable<int> ValuesAt(OpeningSets sets, int place) =>
        Enumerable.Range(0, 256).Where(value => sets.Takes(place, value)).Select(static value => value | 0x20).Distinct();
}
