using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Passes over characters of three bytes that folding leaves as they are: those of nearly all scripts behind Hebrew. Whether all 64 that share two
/// bytes are such is found out when the first of them is met.
/// </summary>
/// <param name="find">What a code point becomes.</param>
internal sealed class PlainRows(Func<int, int> find)
{
    private const byte IsPlain = 1;
    private const byte IsMixed = 2;

    // The first row that is not too long for its characters, and those of surrogates.
    private const int Shortest = 0x800 >> 6;
    private const int FirstSurrogate = 0xD800 >> 6;
    private const int LastSurrogate = 0xDFFF >> 6;

    // Two threads may both find out; they find the same.
    private readonly byte[] _rows = new byte[1024];

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

            var row = (int)(((character & 0x0F) << 6) | (character >> 8 & 0x3F));
            var kind = rows[row];
            if (kind != IsPlain && (kind == IsMixed || !FindOut(row)))
            {
                break;
            }

            at += 3;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FindOut(int row)
    {
        var isPlain = row is >= Shortest and not (>= FirstSurrogate and <= LastSurrogate);
        for (var codePoint = row << 6; isPlain && codePoint < (row + 1) << 6; codePoint++)
        {
            isPlain = codePoint != CodePoint.Replacement && find(codePoint) == codePoint;
        }

        _rows[row] = isPlain ? IsPlain : IsMixed;
        return isPlain;
    }
}
