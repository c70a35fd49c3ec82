using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells for 56 offsets at once where one of many openings may begin, on machines that look up 16 or 32 bytes in a table of 16 with one
/// instruction. Immutable.</summary>
/// <remarks>
/// To look bytes up by halves tells too little apart to be all there is. What is left by it, and by kinds of bytes, for many vectors at a time, is
/// told by tables: words, which begin with certain letters, by hashes of their first four or six bytes (<see cref="OpeningPrefixes"/>); numbers, all
/// of which are left, and what begins with signs or classes of characters, by every place (<see cref="OpeningPlaces"/>). Of words those count that
/// are like one by four bytes, long ones only where so many letters stand in a row, or have a digit, a hyphen or an underscore in them.
/// </remarks>
internal sealed class NarrowOpeningTables
{
    /// <summary>Offsets that are judged at once: as much as rows of letters and digits look at follows the last of them.</summary>
    public const int Judged = 56;

    /// <summary>Bytes from an offset on that must be there.</summary>
    public const int Seen = 64 + NarrowVectors.Places - 1;

    // Vectors of which the words and numbers are looked at together: a few at a time would make their count be guessed wrongly.
    private const int AtOnce = NarrowVectors.AtOnce;

    private static readonly UInt128 Letters = RowOpenings.Ascii(AsciiByte.IsLetter);

    private static readonly UInt128 Capitals = RowOpenings.Ascii(AsciiByte.IsUpper);

    private static readonly UInt128 Digits = RowOpenings.Ascii(AsciiByte.IsDigit);

    private static readonly UInt128 Hex = RowOpenings.Ascii(AsciiByte.IsHex);

    private static readonly UInt128 Parts = RowOpenings.Ascii(static b => b is '-' or ':' or '.');

    private static readonly UInt128 Joints = RowOpenings.Ascii(static b => AsciiByte.IsDigit(b) || b is '-' or '_');

    private const ulong All = (1UL << Judged) - 1;

    private const ulong LastJudged = 1UL << (Judged - 1);

    // Of the last ones a few more, but none after which fewer bytes follow than an opening looks at.
    private const ulong AllOfLast = (1UL << (Seen - Opening.Length + 1)) - 1;

    private readonly AlignedTables _tables;
    private readonly OpeningPrefixes _words;
    private readonly OpeningPlaces _places;
    private readonly RowSigns _rows;
    private readonly bool _withinWords;

    /// <param name="openings">The openings, and how many letters and digits in a row there may be, see <see cref="Detector.Runs"/>.</param>
    /// <param name="withinWords">Whether any may begin with a letter after a letter or digit, or with a digit after a digit.</param>
    public NarrowOpeningTables(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings, bool withinWords)
    {
        (_rows, _withinWords) = (new RowSigns(openings), withinWords);
        OpeningSets[] others = [.. openings.Where(static o => !RowOpenings.IsAny(o)).Select(static o => o.Sets)];
        OpeningSets[] words = [.. others.Where(static sets => sets.Begins(AsciiByte.IsLetter) && OpeningPrefixes.Holds(sets))];
        OpeningSets[] plain = [.. words.Where(static sets => !IsJoined(sets) && !IsOfCapitals(sets))];
        _words = new OpeningPrefixes(words);
        _places = new OpeningPlaces(
            [.. openings.Select(static o => o.Sets).Where(sets => !words.Contains(sets) || sets.Begins(static value => !AsciiByte.IsLetter(value)))]);
        _tables = new AlignedTables(NarrowVectors.Tables(
            plain.Where(IsLong).Select(ShapeOf),
            plain.Where(static sets => !IsLong(sets)).Select(ShapeOf),
            [
                .. others.Where(static sets => sets.Begins(IsSign)).Select(static sets => NarrowShape.Of(sets, IsSign)),
                .. others.Where(static sets => sets.Begins(AsciiByte.IsLetter) && !OpeningPrefixes.Holds(sets) && !IsRow(sets))
                    .Select(static sets => NarrowShape.Of(sets, AsciiByte.IsLetter)),
            ]));
    }

    /// <summary>Goes on over a text as long as there is room for what is found, at most over <see cref="AtOnce"/> vectors.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1; then the first offset that was not judged: after the last ones fewer bytes follow than an
    /// opening looks at.</param>
    /// <param name="perhaps">Receives one bit for each of <see cref="Judged"/> offsets, of the last fewer, or a few more.</param>
    /// <returns>How many of these were filled; none where fewer than <see cref="Seen"/> bytes are known, and one before them.</returns>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Fill(ReadOnlySpan<byte> text, ref int at, Span<ulong> perhaps)
    {
        var (last, end) = (text.Length - Seen, text.Length - Opening.Length + 1);
        if (!Vector128.IsHardwareAccelerated || Simd.Level < SimdLevel.Bits128 || last < 1 || at >= end)
        {
            return 0;
        }

        // As many as there is room for; the last offsets are judged together with some that were judged before.
        var most = Math.Min(perhaps.Length, AtOnce);
        var whole = at > last ? 0 : Math.Min(most, ((last - at) / Judged) + 1);
        var (isLast, count) = (whole < most && at + (whole * Judged) < end, whole);
        Span<ulong> found = stackalloc ulong[NarrowVectors.Found];
        Span<ulong> words = stackalloc ulong[AtOnce];
        Span<ulong> places = stackalloc ulong[AtOnce];
        Span<ulong> starts = stackalloc ulong[AtOnce];
        ref var bytes = ref MemoryMarshal.GetReference(text);
        ref var first = ref Unsafe.Add(ref bytes, at);
        if (whole > 0)
        {
            Begin(ref first, whole, ref MemoryMarshal.GetReference(found), words, places, starts);
        }

        perhaps[..whole].Clear();
        if (isLast)
        {
            // What rows look at is not known behind the last offsets.
            Span<ulong> of = stackalloc ulong[3 * AtOnce];
            Begin(ref Unsafe.Add(ref bytes, last), 1, ref MemoryMarshal.GetReference(found), of, of[AtOnce..], of[(2 * AtOnce)..]);
            var passed = at + (whole * Judged) - last;
            words[whole] = of[0] >> passed;
            places[whole] = of[AtOnce] >> passed;
            perhaps[whole] = (of[2 * AtOnce] & AllOfLast & ~All) >> passed;
            count++;
        }

        at = isLast ? end : at + (whole * Judged);
        Span<ushort> offsets = stackalloc ushort[(AtOnce * 64) + OffsetBits.Slack];
        ref var offset = ref MemoryMarshal.GetReference(offsets);
        Add(perhaps, offsets[.._words.Keep(ref first, ref offset, OffsetBits.Write(words[..count], Judged, ref offset))]);
        Add(perhaps, offsets[.._places.Keep(ref first, ref offset, OffsetBits.Write(places[..count], Judged, ref offset))]);
        return count;
    }

    // Where by what is found words may begin, where something else, and where anything at all that is not known not to: in AtOnce vectors of which so
    // many count, four at a time. Not in line: twice it would be too much for the compiler to leave all in line that is in it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Begin(ref byte here, int count, ref ulong found, Span<ulong> words, Span<ulong> places, Span<ulong> starts)
    {
        NarrowVectors.Look(_tables, ref here, Judged, count, ref found);
        var before = Unsafe.Subtract(ref here, 1);
        Unsafe.Add(ref found, (nint)NarrowKind.Letters * NarrowVectors.Row) = AsciiByte.IsLetter(before) ? LastJudged : 0;
        Unsafe.Add(ref found, (nint)NarrowKind.Digits * NarrowVectors.Row) = AsciiByte.IsDigit(before) ? LastJudged : 0;
        for (var i = 0; i < count; i += Vector256<ulong>.Count)
        {
            Begin(
                ref Unsafe.Add(ref found, i),
                ref Unsafe.Add(ref MemoryMarshal.GetReference(words), i),
                ref Unsafe.Add(ref MemoryMarshal.GetReference(places), i),
                ref Unsafe.Add(ref MemoryMarshal.GetReference(starts), i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(ref ulong found, ref ulong words, ref ulong places, ref ulong starts)
    {
        var (letters, digits) = (Of(ref found, NarrowKind.Letters), Of(ref found, NarrowKind.Digits));
        var (wordStarts, numberStarts) = (letters, digits);
        var alphanumerics = letters | digits;
        if (!_withinWords)
        {
            var wasDigit = Before(ref found, NarrowKind.Digits);
            var wasWord = wasDigit | Before(ref found, NarrowKind.Letters);
            (wordStarts, numberStarts) = (letters & ~((alphanumerics << 1) | wasWord), digits & ~((digits << 1) | wasDigit));
        }

        var (capitals, joints) = (Of(ref found, NarrowKind.Capitals), Of(ref found, NarrowKind.Joints));
        var joined = alphanumerics | joints;
        var (hex, parts) = (Of(ref found, NarrowKind.Hex) | digits, Of(ref found, NarrowKind.Parts));
        var rows = _rows.Begin(letters, digits, capitals, joined, Behind(alphanumerics)) | Rows(hex, parts, capitals, letters, digits, joined);
        var mayBeWord = (Of(ref found, NarrowKind.LongWords) & Words.Four(letters) & (letters >>> (NarrowVectors.LongWord - 1)))
            | Of(ref found, NarrowKind.ShortWords) | Words.Soon(digits | joints) | (capitals & (((joined & ~letters) | capitals) >>> 1));
        var others = (Of(ref found, NarrowKind.Others) & ~(digits | (letters & ~wordStarts))) | (rows & wordStarts);
        (mayBeWord & wordStarts & Vector256.Create(All)).StoreUnsafe(ref words);
        ((others | numberStarts) & Vector256.Create(All)).StoreUnsafe(ref places);
        (others | wordStarts | numberStarts).StoreUnsafe(ref starts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Of(ref ulong found, NarrowKind kind) =>
        Vector256.LoadUnsafe(ref found, ((nuint)kind * NarrowVectors.Row) + 1);

    // Whether the byte before is of a kind: the last one that was judged of the vector before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Before(ref ulong found, NarrowKind kind) =>
        (Vector256.LoadUnsafe(ref found, (nuint)kind * NarrowVectors.Row) >>> (Judged - 1)) & Vector256<ulong>.One;

    // From which on, half a long row further, half of one stands. Nothing is known behind the bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Behind(Vector256<ulong> alphanumerics) => (Words.Eight(alphanumerics) >>> (WideOpeningTables.LongRow / 2))
        | Vector256.Create(~(ulong.MaxValue >> ((WideOpeningTables.LongRow / 2) + 8)));

    private static void Add(Span<ulong> perhaps, ReadOnlySpan<ushort> offsets)
    {
        foreach (var offset in offsets)
        {
            var (vector, bit) = Math.DivRem((uint)offset, (uint)Judged);
            perhaps[(int)vector] |= 1UL << (int)bit;
        }
    }

    // What IsRow says of openings, of the text.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Rows(Vector256<ulong> hex,
        Vector256<ulong> parts, Vector256<ulong> capitals, Vector256<ulong> letters, Vector256<ulong> digits, Vector256<ulong> joined)
    {
        var hexBeforePart = (parts >>> 1) | ((hex >>> 1) & ((parts >>> 2) | ((hex >>> 2) & ((parts >>> 3) | ((hex >>> 3) & (parts >>> 4))))));
        return (capitals & Words.Eight(joined)) | (hex & hexBeforePart) | Words.Eight(hex)
            | ((letters >>> 1) & ~((letters | digits) >>> 2) & (digits >>> 3));
    }

    // Rows that are told by kinds of bytes: a capital before letters, digits, hyphens and underscores; hexadecimal digits, alone or up to four before
    // a hyphen, colon or point; two letters, one that is none, and a digit.
    private static bool IsRow(OpeningSets sets)
    {
        var hex = Enumerable.Range(0, Opening.Length).TakeWhile(place => sets.IsOnly(place, Hex)).Count();
        return (sets.IsOnly(0, Capitals) && Enumerable.Range(1, Opening.Length - 1).All(place => sets.IsOnly(place, Letters | Joints)))
            || hex == Opening.Length || (hex is >= 1 and <= 4 && sets.IsOnly(hex, Parts))
            || (sets.IsOnly(1, Letters) && sets.IsOnly(2, ~(Letters | Digits)) && sets.IsOnly(3, Digits));
    }

    private static NarrowShape ShapeOf(OpeningSets sets) => NarrowShape.Of(sets, AsciiByte.IsLetter);

    // One of the bytes after the first is certainly a digit, a hyphen or an underscore.
    private static bool IsJoined(OpeningSets sets) => Enumerable.Range(1, Opening.Length - 1).Any(place => sets.IsOnly(place, Joints));

    private static bool IsOfCapitals(OpeningSets sets) => sets.IsOnly(0, Capitals) && sets.IsOnly(1, Capitals | Joints);

    private static bool IsLong(OpeningSets sets) => Enumerable.Range(0, NarrowVectors.LongWord).All(place => sets.IsOnly(place, Letters));

    private static bool IsSign(int value) => !AsciiByte.IsAlphanumeric(value);
}
