using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>
/// The checksum of gzip (RFC 1952, section 8): eight bytes at a time, and of more bytes 64 at a time where the processor multiplies polynomials.
/// </summary>
internal sealed class Crc32 : IChecksum
{
    private const int Lane = 16;
    private const int Lanes = 4 * Lane;

    private static readonly uint[] Tables = MakeTables();

    // x^(n + 32) and x^(n - 32) modulo the polynomial, bits reversed, for n bits that a lane is moved by: four lanes, and one.
    private static readonly Vector128<ulong> ByLanes = Vector128.Create(0x1_5444_2BD4UL, 0x1_C6E4_1596UL);
    private static readonly Vector128<ulong> ByLane = Vector128.Create(0x1_7519_97D0UL, 0x0_CCAA_009EUL);

    private uint _state = uint.MaxValue;

    public uint Value => ~_state;

    /// <summary>The checksum of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="before">The checksum of what stands before them.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0) => ~Added(~before, bytes);

    public void Add(ReadOnlySpan<byte> bytes) => _state = Added(_state, bytes);

    private static uint Added(uint state, ReadOnlySpan<byte> bytes) =>
        Pclmulqdq.IsSupported && bytes.Length >= Lanes ? Folded(state, bytes) : AddedByTables(state, bytes);

    /// <summary>
    /// Moves what is there by as many bits as come next, modulo the polynomial, and adds those, until what is left is shorter than that: 16 bytes
    /// that have the checksum of all before them, and the rest. After V. Gopal and others, "Fast CRC Computation for Generic Polynomials Using
    /// PCLMULQDQ Instruction", Intel 2009.
    /// </summary>
    private static uint Folded(uint state, ReadOnlySpan<byte> bytes)
    {
        var (a, b, c, d) = (Next(bytes, 0) ^ Vector128.CreateScalar(state).AsUInt64(), Next(bytes, 1), Next(bytes, 2), Next(bytes, 3));
        for (bytes = bytes[Lanes..]; bytes.Length >= Lanes; bytes = bytes[Lanes..])
        {
            a = Moved(a, ByLanes) ^ Next(bytes, 0);
            b = Moved(b, ByLanes) ^ Next(bytes, 1);
            c = Moved(c, ByLanes) ^ Next(bytes, 2);
            d = Moved(d, ByLanes) ^ Next(bytes, 3);
        }

        a = Moved(Moved(Moved(a, ByLane) ^ b, ByLane) ^ c, ByLane) ^ d;
        for (; bytes.Length >= Lane; bytes = bytes[Lane..])
        {
            a = Moved(a, ByLane) ^ Next(bytes, 0);
        }

        Span<byte> left = stackalloc byte[Lane];
        a.AsByte().CopyTo(left);
        return AddedByTables(AddedByTables(0, left), bytes);
    }

    private static Vector128<ulong> Next(ReadOnlySpan<byte> bytes, int lane) => Vector128.Create(bytes[(lane * Lane)..]).AsUInt64();

    private static Vector128<ulong> Moved(Vector128<ulong> lane, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(lane, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, by, 0x11);

    private static uint AddedByTables(uint state, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = tables[(7 * 256) + (int)(low & 0xFF)] ^ tables[(6 * 256) + (int)((low >> 8) & 0xFF)]
                ^ tables[(5 * 256) + (int)((low >> 16) & 0xFF)] ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (int)(high & 0xFF)] ^ tables[(2 * 256) + (int)((high >> 8) & 0xFF)]
                ^ tables[256 + (int)((high >> 16) & 0xFF)] ^ tables[(int)(high >> 24)];
            bytes = bytes[8..];
        }

        if (bytes.Length >= 4)
        {
            var next = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            state = tables[(3 * 256) + (int)(next & 0xFF)] ^ tables[(2 * 256) + (int)((next >> 8) & 0xFF)]
                ^ tables[256 + (int)((next >> 16) & 0xFF)] ^ tables[(int)(next >> 24)];
            bytes = bytes[4..];
        }

        foreach (var value in bytes)
        {
            state = (state >> 8) ^ tables[(int)((state ^ value) & 0xFF)];
        }

        return state;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
            }

            tables[i] = value;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            var before = tables[i - 256];
            tables[i] = (before >> 8) ^ tables[(int)(before & 0xFF)];
        }

        return tables;
    }
}
