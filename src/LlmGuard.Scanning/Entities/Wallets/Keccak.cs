using System.Buffers.Binary;
using System.Numerics;

namespace LlmGuard.Scanning.Entities.Wallets;

/// <summary>Ethereum's Keccak-256 (not SHA3, whose padding differs), as far as EIP-55 needs it: one block.</summary>
internal static class Keccak
{
    private const int Rate = 136;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
            0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
            0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
            0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    private static ReadOnlySpan<byte> Rotations => [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    private static ReadOnlySpan<byte> Lanes => [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    /// <summary>Whether all are hexadecimal digits.</summary>
    public static bool IsHex(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (!AsciiByte.IsHex(b))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the case of the 40 digits of an address is that of EIP-55.</summary>
    public static bool IsChecksummed(ReadOnlySpan<byte> digits)
    {
        Span<byte> block = stackalloc byte[Rate];
        block.Clear();
        for (var i = 0; i < digits.Length; i++)
        {
            block[i] = (byte)(AsciiByte.IsLetter(digits[i]) ? digits[i] | 0x20 : digits[i]);
        }

        (block[digits.Length], block[Rate - 1]) = (0x01, 0x80);
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        for (var i = 0; i < Rate / 8; i++)
        {
            state[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(i * 8)..]);
        }

        Permute(state);
        for (var i = 0; i < digits.Length; i++)
        {
            var half = (state[i / 16] >> ((i % 16 / 2 * 8) + (i % 2 == 0 ? 4 : 0))) & 0xF;
            if (AsciiByte.IsLetter(digits[i]) && AsciiByte.IsUpper(digits[i]) != half > 7)
            {
                return false;
            }
        }

        return true;
    }

    private static void Permute(Span<ulong> state)
    {
        Span<ulong> columns = stackalloc ulong[5];
        foreach (var constant in RoundConstants)
        {
            for (var x = 0; x < 5; x++)
            {
                columns[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            }

            for (var i = 0; i < 25; i++)
            {
                state[i] ^= columns[(i + 4) % 5] ^ BitOperations.RotateLeft(columns[(i + 1) % 5], 1);
            }

            var moved = state[1];
            for (var i = 0; i < Lanes.Length; i++)
            {
                var next = state[Lanes[i]];
                state[Lanes[i]] = BitOperations.RotateLeft(moved, Rotations[i]);
                moved = next;
            }

            for (var row = 0; row < 25; row += 5)
            {
                state.Slice(row, 5).CopyTo(columns);
                for (var x = 0; x < 5; x++)
                {
                    state[row + x] ^= ~columns[(x + 1) % 5] & columns[(x + 2) % 5];
                }
            }

            state[0] ^= constant;
        }
    }
}
