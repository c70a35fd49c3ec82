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

    private readonly ReadOnlySpan<byte> _json = json;
    private EscapeCheck _escapes = new(json);

    // Not 0 once there was a byte that is not ASCII, or a backslash. Where there was one there are more: from then on looking at every block costs
    // less than guessing wrong which ones need it.
    private ulong _foreign;
    private ulong _backslashes;

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
        if ((_foreign | _backslashes) == 0)
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
        ref var first = ref MemoryMarshal.GetReference(_json);
        var (check, lookup) = (default(Utf8Check), default(Utf8Lookup));
        var (escape, foreign, seen, all) = (0UL, _foreign, _backslashes, 0UL);
        for (; at < _json.Length; at += BlockSize)
        {
            // White space behind the end is no quote, so that a string that is open there stays open.
            var block = _json.Length - at >= BlockSize ? Block256.Load(ref Unsafe.Add(ref first, at)) : IByteBlock<Block256>.Padded(_json, at);
            var quotes = block.Equal((byte)'"');
            var backslashes = block.Equal((byte)'\\');
            var units = 0UL;
            seen |= backslashes;
            if (seen != 0)
            {
                var escaped = EscapeCheck.Escaped(backslashes, ref escape);
                quotes &= ~escaped;
                units = escaped & ~block.Escapable();
            }

            // Up to the closing quote; all if it is not here.
            var inside = quotes ^ (quotes - 1);
            var high = block.AtLeast(0x80);
            foreign |= high & inside;
            if ((foreign != 0 && !(Avx2.IsSupported ? (lookup.WrongIn(block) & inside) == 0 : check.Accept(block, high, inside)))
                || (block.HasAtMost(0x1F) && (block.AtMost(0x1F) & inside) != 0))
            {
                return -1;
            }

            all |= backslashes & inside;
            units &= inside;
            if (units != 0 && !_escapes.Accept(at, units))
            {
                return -1;
            }

            if (quotes != 0)
            {
                (_foreign, _backslashes) = (foreign, seen);
                hasEscapes = all != 0;
                return at + BitOperations.TrailingZeroCount(quotes);
            }
        }

        return -1;
    }
}
