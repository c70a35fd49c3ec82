using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells which openings fit what stands at an offset, for those of which the first four bytes can be only few. Immutable.</summary>
/// <remarks>A bitmap of hashes of four bytes, letters in any case, passes over nearly all there is.</remarks>
internal sealed class OpeningWords
{
    private const int Length = 4;
    private const int MostChoices = 96;
    private const uint AnyCase = 0x20202020;

    private readonly ulong[] _bitmap = new ulong[1 << 10];
    private readonly Dictionary<uint, (OpeningSets Sets, ulong Detectors)[]> _byWord;
    private readonly (OpeningSets Sets, ulong Detectors)[][] _byFirst;

    /// <param name="openings">Openings for which <see cref="IsOne"/> holds, and the detectors they are of, one bit each.</param>
    public OpeningWords(IReadOnlyList<(OpeningSets Sets, ulong Detectors)> openings)
    {
        _byWord = openings.SelectMany(static opening => WordsOf(opening.Sets), static (opening, word) => (opening, word))
            .GroupBy(static pair => pair.word, static pair => pair.opening).ToDictionary(static group => group.Key, static group => group.ToArray());
        _byFirst = [.. Enumerable.Range(0, 256).Select(value => openings.Where(opening => opening.Sets.Takes(0, value)).ToArray())];
        foreach (var word in _byWord.Keys)
        {
            var hash = Hash(word);
            _bitmap[hash >> 6] |= 1UL << (int)hash;
        }
    }

    /// <summary>The bitmap of hashes of the first bytes.</summary>
    public ref ulong Bitmap => ref MemoryMarshal.GetArrayDataReference(_bitmap);

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

    /// <summary>1 if any of them may fit what stands at an offset, whatever stands before; 0 if none does.</summary>
    /// <param name="bitmap">See <see cref="Bitmap"/>.</param>
    /// <param name="here">The byte at the offset, after which at least three follow.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MayFit(ref ulong bitmap, ref byte here)
    {
        var hash = Hash(Unsafe.ReadUnaligned<uint>(ref here) | AnyCase);
        return (int)(Unsafe.Add(ref bitmap, hash >> 6) >> (int)hash) & 1;
    }

    /// <summary>The detectors of those that fit what stands at an offset, one bit each. Bytes that are not known yet fit all.</summary>
    public ulong At(ReadOnlySpan<byte> text, int at)
    {
        if (text.Length - at < Length)
        {
            return Fitting(_byFirst[text[at]], text, at);
        }

        ref readonly var here = ref text[at];
        return MayFit(ref Bitmap, ref Unsafe.AsRef(in here)) != 0 && _byWord.TryGetValue(MemoryMarshal.Read<uint>(text[at..]) | AnyCase, out var openings) ? Fitting(openings, text, at) : 0;
    }

    /// <summary>The detectors of those of some openings that fit.</summary>
    public static ulong Fitting((OpeningSets Sets, ulong Detectors)[] openings, ReadOnlySpan<byte> text, int at)
    {
        var detectors = 0UL;
        foreach (var (sets, ofOpening) in openings)
        {
            detectors |= (ofOpening & ~detectors) != 0 && sets.Fit(text, at) ? ofOpening : 0;
        }

        return detectors;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint word) => word * 0x9E3779B1 >> 16;

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

    private static IEnumerable<int> ValuesAt(OpeningSets sets, int place) => Enumerable.Range(0, 256).Where(value => sets.Takes(place, value)).Select(static value => value | 0x20).Distinct();
}
