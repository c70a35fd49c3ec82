using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>
/// Finds the ends of strings one after the other, and checks what stands in them: UTF-8, escapes, no control characters. For vectors of 256 bits.
/// </summary>
internal ref struct StringScan(ReadOnlySpan<byte> json)
{
    private const int BlockSize = IByteBlock<Block256>.Size;
    private const byte LastControl = 0x1F;

    private readonly ReadOnlySpan<byte> _json = json;
    private EscapeCheck _escapes = new(json);

    // Whether there was a byte that is not ASCII, and one of those or an escape. Where there was one there are more: from then on looking at every
    // block costs less than guessing wrong which ones need it.
    private bool _hasForeign;
    private bool _hasOthers;

    /// <summary>Whether there is a surrogate without its other half.</summary>
    public readonly bool HasLoneSurrogate => _escapes.HasLoneSurrogate;

    /// <summary>Where the closing quote of a string is; less than 0 when there is none, or what stands before it may not.</summary>
    /// <param name="at">Behind its opening quote.</param>
    /// <param name="hasEscapes">Whether there are escapes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EndOf(int at, out bool hasEscapes)
    {
        hasEscapes = false;
        if (_json.Length - at >= Vector256<byte>.Count)
        {
            // Most strings are short and plain.
            var others = Others(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(_json), (nuint)at));
            if (others != 0)
            {
                var end = at + BitOperations.TrailingZeroCount(others);
                if (_json[end] == '"')
                {
                    return end;
                }
            }
        }

        return EndOfOther(at, ref hasEscapes);
    }

    /// <summary>What does not stand for itself in a string, or is not ASCII: bytes from 0x80 on are negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Others(Vector256<byte> bytes) =>
        (~Vector256.GreaterThan(bytes.AsSByte(), Vector256.Create((sbyte)0x1F)).AsByte()
            | Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EndOfOther(int at, ref bool hasEscapes)
    {
        if (!_hasOthers)
        {
            ref var first = ref MemoryMarshal.GetReference(_json);
            for (; _json.Length - at >= Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                var others = Others(Vector256.LoadUnsafe(ref first, (nuint)at));
                if (others != 0)
                {
                    at += BitOperations.TrailingZeroCount(others);
                    if (_json[at] == '"')
                    {
                        return at;
                    }

                    break;
                }
            }
        }

        return EndOfBlocks(at, ref hasEscapes);
    }

    /// <summary>The same where anything may come.</summary>
    private int EndOfBlocks(int at, ref bool hasEscapes)
    {
        _hasOthers = true;
        var escape = 0UL;
        if (!_hasForeign)
        {
            var end = EndOfAscii(ref at, ref escape, ref hasEscapes);
            if (!_hasForeign)
            {
                return end;
            }
        }

        return EndOfAny(ref at, ref escape, ref hasEscapes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EndOfAscii(ref int at, ref ulong escape, ref bool hasEscapes) =>
        Read(foreign: false, ref at, ref escape, ref hasEscapes);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EndOfAny(ref int at, ref ulong escape, ref bool hasEscapes) =>
        Read(foreign: true, ref at, ref escape, ref hasEscapes);

    /// <summary>Reads blocks up to the closing quote.</summary>
    /// <param name="foreign">
    /// Whether there may be more than ASCII: a constant, so that each of the callers has a loop with nothing but what it needs. Where there may not,
    /// reading stops at the first block that has such bytes, and the next one is to be read by the other loop.
    /// </param>
    /// <param name="at">The first byte; gets where reading has stopped.</param>
    /// <param name="escape">1 when that byte is escaped.</param>
    /// <param name="hasEscapes">Gets true when there are escapes.</param>
    /// <returns>Where the quote is, less than 0 when there is none or something is wrong.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Read(bool foreign, ref int at, ref ulong escape, ref bool hasEscapes)
    {
        ref var first = ref MemoryMarshal.GetReference(_json);
        var (check, lookup) = (default(Utf8Check), default(Utf8Lookup));
        var (place, length, carried, seen) = (at, _json.Length, escape, 0UL);

        // What is wrong in the blocks before the last one is asked for once.
        var (least, wrong, isWrong) = (Vector256<byte>.AllBitsSet, Vector256<byte>.Zero, false);
        for (; place < length; place += BlockSize)
        {
            // White space behind the end is no quote, so that a string that is open there stays open.
            var block = length - place >= BlockSize ? Block256.Load(ref Unsafe.Add(ref first, place)) : IByteBlock<Block256>.Padded(_json, place);
            if (!foreign && block.AtLeast(0x80) != 0)
            {
                _hasForeign = !Vector256.LessThanOrEqualAny(least, Vector256.Create(LastControl));
                break;
            }

            // Hardly ever does a backslash stand behind another one; where none does, each escapes.
            var backslashes = block.Equal((byte)'\\');
            var escaped = (backslashes << 1) | carried;
            if ((escaped & backslashes) == 0)
            {
                carried = backslashes >> (BlockSize - 1);
            }
            else
            {
                escaped = EscapeCheck.Escaped(backslashes, ref carried);
            }

            var units = escaped & ~block.Escapable();
            var quotes = block.Equal((byte)'"') & ~escaped;
            if (quotes == 0)
            {
                seen |= backslashes;
                least = Vector256.Min(least, Vector256.Min(block.Low, block.High));
                if (foreign && Avx2.IsSupported)
                {
                    wrong |= lookup.Wrong(block);
                }
                else if (foreign)
                {
                    isWrong |= !check.Accept(block, block.AtLeast(0x80));
                }

                if (units != 0 && !_escapes.Accept(place, units))
                {
                    return -1;
                }

                continue;
            }

            var inside = quotes ^ (quotes - 1);
            seen |= backslashes & inside;
            units &= inside;
            hasEscapes |= seen != 0;
            return (block.AtMost(LastControl) & inside) != 0
                || Vector256.LessThanOrEqualAny(least, Vector256.Create(LastControl))
                || (foreign && !(Avx2.IsSupported
                    ? wrong == Vector256<byte>.Zero && (lookup.WrongIn(block) & inside) == 0
                    : !isWrong && check.Accept(block, block.AtLeast(0x80), inside)))
                || (units != 0 && !_escapes.Accept(place, units))
                ? -1
                : place + BitOperations.TrailingZeroCount(quotes);
        }

        (at, escape) = (place, carried);
        hasEscapes |= seen != 0;
        return -1;
    }
}
