using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>Unescapes 64 bytes at a time whatever escapes stand in them, but for those by number.</summary>
internal static class BlockUnescape
{
    private const int BlockSize = 64;

    /// <summary>Whether the machine can.</summary>
    public static bool IsSupported => BitVectors.IsSupported;

    /// <summary>Unescapes as far as there are whole blocks.</summary>
    /// <param name="raw">The raw text.</param>
    /// <param name="text">Gets the result; at least as long as the raw text.</param>
    /// <param name="meanings">What every letter behind a backslash means, 128 of them.</param>
    /// <returns>How far it came in both.</returns>
    public static (int Read, int Written) Run(ReadOnlySpan<byte> raw, Span<byte> text, ReadOnlySpan<byte> meanings)
    {
        var (low, high) = (Vector512.Create(meanings[..BlockSize]), Vector512.Create(meanings.Slice(BlockSize, BlockSize)));
        var (read, written) = (0, 0);
        while (raw.Length - read >= BlockSize)
        {
            var block = Vector512.Create(raw.Slice(read, BlockSize));
            var backslashes = Vector512.Equals(block, Vector512.Create((byte)'\\')).ExtractMostSignificantBits();

            // What the last backslash escapes stands in the next block, which then begins with that backslash.
            var cut = 0UL;
            var escaped = EscapeCheck.Escaped(backslashes, ref cut);
            var whole = BlockSize - (int)cut;
            var units = escaped & Vector512.Equals(block, Vector512.Create((byte)'u')).ExtractMostSignificantBits();
            if (units != 0)
            {
                whole = BitOperations.TrailingZeroCount(units) - 1;
            }

            // A backslash that is not escaped escapes and goes; behind it stands what it means.
            var kept = (~backslashes | escaped) & (ulong.MaxValue >> (BlockSize - whole));
            var meant = Vector512.ConditionalSelect(BitVectors.Expand(escaped), Avx512Vbmi.PermuteVar64x8x2(low, block, high), block);
            BitVectors.Compress(meant, whole == 0 ? 0 : kept).StoreUnsafe(ref MemoryMarshal.GetReference(text.Slice(written, BlockSize)));
            written += whole == 0 ? 0 : BitOperations.PopCount(kept);
            read += whole;
            if (units != 0)
            {
                read += JsonEscapes.UnescapeOne(raw[read..], text[written..], out var bytes);
                written += bytes;
            }
        }

        return (read, written);
    }
}
