using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Passes over characters of three bytes that folding leaves as they are: nearly all of the scripts behind Hebrew. Which of the 64 that share two
/// bytes are such is found out when one of them is first met.
/// </summary>
/// <param name="find">What a code point becomes.</param>
internal sealed class PlainRows(Func<int, int> find)
{
    // The first row that is not too long for its characters, and those of surrogates.
    private const int Shortest = 0x800 >> 6;
    private const int FirstSurrogate = 0xD800 >> 6;
    private const int LastSurrogate = 0xDFFF >> 6;

    // One bit for each character. Two threads may both find out; they find the same.
    private readonly ulong[] _rows = new ulong[1024];
    private readonly bool[] _isFound = new bool[1024];

    /// <summary>The first offset, from the given one, at which no such character stands; or the last one of a text.</summary>
    public int EndOf(ReadOnlySpan<byte> text, int at)
    {
        var rows = _rows;
        while (text.Length - at >= sizeof(uint))
        {
            var character = BinaryPrimitives.ReadUInt32LittleEndian(text[at..]);
            if ((character & 0xC0C0F0) != 0x8080E0)
            {
                break;
            }

            // Shifting takes of the last byte what tells the 64 apart.
            var (row, last) = ((int)(((character & 0x0F) << 6) | (character >> 8 & 0x3F)), (int)(character >> 16));
            if ((rows[row] >> last & 1) == 0 && (Volatile.Read(ref _isFound[row]) || (FindOut(row) >> last & 1) == 0))
            {
                break;
            }

            at += 3;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong FindOut(int row)
    {
        var plain = 0UL;
        for (var i = 0; row is >= Shortest and not (>= FirstSurrogate and <= LastSurrogate) && i < 64; i++)
        {
            var codePoint = (row << 6) | i;
            plain |= codePoint != CodePoint.Replacement && find(codePoint) == codePoint ? 1UL << i : 0;
        }

        _rows[row] = plain;
        Volatile.Write(ref _isFound[row], true);
        return plain;
    }
}
