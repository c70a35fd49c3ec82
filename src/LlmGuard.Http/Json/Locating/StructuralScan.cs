using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>
/// The first half of locating: finds, block by block, the bytes that matter to the grammar, and checks everything that needs no grammar: UTF-8,
/// escapes, control characters in strings.
/// </summary>
/// <remarks>
/// Found are brackets, colons, commas, both quotes of every string, the first byte of everything else that stands outside of strings, and between
/// the quotes of a string with escapes its first backslash. The text is wrong for whoever sees it in the wrong place; here nothing is
/// refused but what no place allows.
/// </remarks>
internal ref struct StructuralScan<TBlock>(ReadOnlySpan<byte> json)
    where TBlock : struct, IByteBlock<TBlock>
{
    /// <summary>Bytes looked at in one go, which is also the most that can be found in it.</summary>
    public const int ChunkSize = 4096;

    private const int BlockSize = IByteBlock<TBlock>.Size;
    private const int LastBit = 63;

    // Colon, comma and braces; brackets become braces by the bit that is set. So do form feed and substitute become comma and colon, which are
    // looked at again where they are used and are no value either.
    private static Vector128<byte> Structural =>
        Vector128.Create(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, (byte)':', (byte)'{', (byte)',', (byte)'}', 0x80, 0x80);

    private static Vector128<byte> Space =>
        Vector128.Create((byte)' ', 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, (byte)'\t', (byte)'\n', 0x80, 0x80, (byte)'\r', 0x80, 0x80);

    private readonly ReadOnlySpan<byte> _json = json;
    private EscapeCheck _escapes = new(json);
    private Utf8Check _utf8;
    private int _at;

    // What the last block says about the next one: all ones inside a string; 1 inside a string that had no backslash yet; 1 inside a number
    // or literal;
    // 1 when its first byte is escaped.
    private ulong _inString;
    private ulong _isPlain;
    private ulong _inScalar;
    private ulong _escape;

    // Not 0 once there was a byte that is not ASCII, or a backslash. Where there was one there are more: from then on looking at every block costs
    // less than guessing wrong which ones need it.
    private ulong _foreign;
    private ulong _backslashes;

    /// <summary>Whether there is nothing more to find: the end was reached, or a byte that no JSON text has.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether a byte was met that no JSON text has in its place, or the text ends in the middle of a string or character.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Whether there is a surrogate without its other half.</summary>
    public readonly bool HasLoneSurrogate => _escapes.HasLoneSurrogate;

    /// <summary>Goes on for a chunk.</summary>
    /// <param name="found">Gets the positions, ascending; has room for <see cref="ChunkSize"/> of them.</param>
    /// <returns>Their number.</returns>
    public int Fill(Span<int> found)
    {
        // The only check of the writes below: no block finds more than its bytes.
        ArgumentOutOfRangeException.ThrowIfLessThan(found.Length, ChunkSize);
        ref var first = ref MemoryMarshal.GetReference(_json);
        ref var position = ref MemoryMarshal.GetReference(found);
        var (inString, isPlain, escape, foreign, escapes, at) = (_inString, _isPlain, _escape, _foreign, _backslashes, _at);
        var end = (int)Math.Min((uint)_json.Length, (uint)at + ChunkSize);
        for (; at < end; at += BlockSize)
        {
            // White space behind the end changes nothing: it is not found, and a string or character that is open stays open or is refused.
            var block = end - at >= BlockSize ? TBlock.Load(ref Unsafe.Add(ref first, at)) : TBlock.LoadEnd(_json, at);
            var quotes = block.Equal((byte)'"');
            var backslashes = block.Equal((byte)'\\');
            var controls = block.AtMost(0x1F);
            var high = block.AtLeast(0x80);
            foreign |= high;
            if (foreign != 0 && !_utf8.Accept(block, high))
            {
                return Refuse(ref position, found);
            }

            escapes |= backslashes;
            if (escapes != 0)
            {
                var escaped = EscapeCheck.Escaped(backslashes, ref escape);
                var units = escaped & ~block.Escapable();
                if (units != 0)
                {
                    if (!_escapes.Accept(at, units))
                    {
                        return Refuse(ref position, found);
                    }

                    // Loaded again rather than kept over the call, for which every other block would be stored too.
                    block = end - at >= BlockSize ? TBlock.Load(ref Unsafe.Add(ref first, at)) : TBlock.LoadEnd(_json, at);
                }

                quotes &= ~escaped;
            }

            if (quotes == 0 && inString != 0)
            {
                // The inside of a long text.
                if (controls != 0)
                {
                    return Refuse(ref position, found);
                }

                if (isPlain != 0 && backslashes != 0)
                {
                    isPlain = 0;
                    position = at + BitOperations.TrailingZeroCount(backslashes);
                    position = ref Unsafe.Add(ref position, 1);
                }

                continue;
            }

            // Every quote turns what follows inside out.
            var strings = PrefixXor(quotes) ^ inString;
            if ((controls & strings) != 0)
            {
                return Refuse(ref position, found);
            }

            var bits = quotes | Outside(block, quotes | strings) | FirstBackslashes(quotes, strings, backslashes, isPlain);
            inString = (ulong)((long)strings >> LastBit);
            isPlain = (backslashes >> (LastBit - BitOperations.LeadingZeroCount(quotes))) == 0 ? inString & 1 : 0;
            position = ref PositionWriter.Write(ref position, at, bits);
        }

        (_inString, _isPlain, _escape, _foreign, _backslashes, _at) = (inString, isPlain, escape, foreign, escapes, at);
        if (at >= _json.Length)
        {
            IsFinished = true;
            IsMalformed = inString != 0 || _utf8.Open != 0;
        }

        return Count(ref position, found);
    }

    private int Refuse(ref int position, Span<int> found)
    {
        IsFinished = true;
        IsMalformed = true;
        return Count(ref position, found);
    }

    private static int Count(ref int position, Span<int> found) =>
        (int)(Unsafe.ByteOffset(ref MemoryMarshal.GetReference(found), ref position) / sizeof(int));

    /// <summary>What matters outside of strings.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Outside(TBlock block, ulong stringsAndQuotes)
    {
        var structural = block.InTable(Structural, 0x20) & ~stringsAndQuotes;
        var space = block.InTable(Space, 0);
        var scalars = ~(structural | space | stringsAndQuotes);
        var starts = scalars & ~((scalars << 1) | _inScalar);
        _inScalar = scalars >> LastBit;
        return structural | starts;
    }

    /// <summary>The first backslash of every string: a bit added behind the opening quote is carried over everything up to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FirstBackslashes(ulong quotes, ulong strings, ulong backslashes, ulong open)
    {
        var opening = quotes & strings;
        var plain = strings & ~(opening | backslashes);
        return (plain + ((opening << 1) | open)) & ~plain & backslashes & strings;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }
}
