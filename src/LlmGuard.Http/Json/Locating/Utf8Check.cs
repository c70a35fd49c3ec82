using System.Runtime.CompilerServices;

namespace LlmGuard.Http.Json.Locating;

/// <summary>
/// Whether the bytes that come block by block are UTF-8 (Unicode 17, table 3-7). What a block leaves open, the next one has to complete.
/// </summary>
internal struct Utf8Check
{
    private const int LastBit = 63;

    // Bits 0 to 2: the first bytes of the next block have to continue a character.
    private ulong _expected;

    // Bits 0 to 3: the last byte was E0, ED, F0 or F4, which narrow what may follow.
    private ulong _narrowed;

    /// <summary>Not 0 while a character is still to be completed.</summary>
    public readonly ulong Open => _expected;

    /// <summary>Takes the next block. One that is ASCII may be left out unless a character is open.</summary>
    /// <param name="block">The block.</param>
    /// <param name="high">Its bytes from 0x80 on.</param>
    /// <returns>Whether the text is well-formed so far.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Accept<TBlock>(TBlock block, ulong high)
        where TBlock : struct, IByteBlock<TBlock> => Accept(block, high, ulong.MaxValue);

    /// <summary>The same where some bytes count only.</summary>
    /// <param name="block">The block.</param>
    /// <param name="high">Its bytes from 0x80 on.</param>
    /// <param name="counted">Those that count: the first ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Accept<TBlock>(TBlock block, ulong high, ulong counted)
        where TBlock : struct, IByteBlock<TBlock>
    {
        var leads = block.AtLeast(0xC0);
        var expected = (leads << 1) | _expected;
        var continuations = high & ~leads;
        if (block.HasAtLeast(0xE0) || _narrowed != 0)
        {
            return AcceptLonger(block, leads, expected, continuations, counted, ref this);
        }

        // Characters of two bytes at most; C0 and C1, which no text has anywhere, would begin such as ASCII has.
        _expected = leads >> LastBit;
        return ((expected ^ continuations) & counted) == 0 && !block.HasPair(0xC0);
    }

    private static bool AcceptLonger<TBlock>(
        TBlock block, ulong leads, ulong expected, ulong continuations, ulong counted, ref Utf8Check check)
        where TBlock : struct, IByteBlock<TBlock>
    {
        var longer = block.AtLeast(0xE0);
        var longest = block.AtLeast(0xF0);
        var fromA0 = block.AtLeast(0xA0);
        var from90 = block.AtLeast(0x90);
        var (e0, ed, f0, f4) = (block.Equal(0xE0), block.Equal(0xED), block.Equal(0xF0), block.Equal(0xF4));
        var narrowed = check._narrowed;
        expected |= (longer << 2) | (longest << 3);

        // Overlong characters, surrogates, and what lies above U+10FFFF are told by the second byte; nothing begins with F5 and more.
        var wrong = (leads & ~block.AtLeast(0xC2)) | block.AtLeast(0xF5)
            | (((e0 << 1) | (narrowed & 1)) & ~fromA0)
            | (((ed << 1) | ((narrowed >> 1) & 1)) & fromA0)
            | (((f0 << 1) | ((narrowed >> 2) & 1)) & ~from90)
            | (((f4 << 1) | (narrowed >> 3)) & from90)
            | (expected ^ continuations);
        check._expected = (leads >> LastBit) | (longer >> (LastBit - 1)) | (longest >> (LastBit - 2));
        check._narrowed = (e0 >> LastBit) | ((ed >> LastBit) << 1) | ((f0 >> LastBit) << 2) | ((f4 >> LastBit) << 3);
        return (wrong & counted) == 0;
    }
}
