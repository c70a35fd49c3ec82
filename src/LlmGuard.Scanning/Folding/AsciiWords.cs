using System.Numerics;
using System.Runtime.Intrinsics;

namespace LlmGuard.Scanning.Folding;

/// <summary>Walks the words of a folded text that is ASCII: 64 bytes at a time are sorted into letters and digits, and all others.</summary>
internal ref struct AsciiWords(ReadOnlySpan<byte> text)
{
    private const int Width = 64;

    private readonly ReadOnlySpan<byte> _text = text;
    private ulong _mask;
    private int _block = -Width;

    /// <summary>First byte of the word.</summary>
    public int Start { get; private set; }

    /// <summary>The byte after the word.</summary>
    public int End { get; private set; }

    /// <summary>Goes to the next word.</summary>
    public bool MoveNext()
    {
        while (_mask == 0)
        {
            if (!NextBlock())
            {
                return false;
            }
        }

        var first = BitOperations.TrailingZeroCount(_mask);
        Start = _block + first;
        var rest = ~(_mask >> first);
        var length = BitOperations.TrailingZeroCount(rest);
        if (first + length < Width)
        {
            End = Start + length;
            _mask &= ulong.MaxValue << (first + length);
            return true;
        }

        // The word goes on in the next block.
        while (true)
        {
            if (!NextBlock())
            {
                End = _text.Length;
                return true;
            }

            length = BitOperations.TrailingZeroCount(~_mask);
            if (length < Width)
            {
                End = _block + length;
                _mask &= ulong.MaxValue << length;
                return true;
            }

            _mask = 0;
        }
    }

    private bool NextBlock()
    {
        _block += Width;
        if (_block >= _text.Length)
        {
            _mask = 0;
            return false;
        }

        var rest = _text[_block..];
        _mask = 0;
        if (rest.Length >= Width)
        {
            for (var part = 0; part < Width / 16; part++)
            {
                var bytes = Vector128.Create(rest.Slice(part * 16, 16));
                var isDigit = Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9));
                var isLetter =
                    Vector128.LessThanOrEqual((bytes | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)25));
                _mask |= (ulong)(isDigit | isLetter).ExtractMostSignificantBits() << (part * 16);
            }

            return true;
        }

        for (var i = 0; i < rest.Length; i++)
        {
            _mask |= AsciiByte.IsAlphanumeric(rest[i]) ? 1UL << i : 0;
        }

        return true;
    }
}
