using System.Buffers;
using System.Diagnostics;

namespace LlmGuard.Http.Json;

/// <summary>
/// Tokens of a body that has thousands of them, written as small as they are: how far from the one before, and how long. Two bytes, as a rule, for
/// a token that stands in a few bytes; none takes much more than its own text.
/// </summary>
/// <remarks>
/// Written and read in blocks. Those read last are kept as they were before they were packed, so that going through tokens, or to and fro between a
/// container and what is in it, unpacks each block once.
/// </remarks>
internal sealed class PackedTokens
{
    /// <summary>Tokens that are packed and unpacked together.</summary>
    public const int BlockSize = 64;

    // Kind, escapes, and a short distance from the token before; the last of these says that it stands behind.
    private const int EscapeBit = 8;
    private const int ShortAt = 4;
    private const int NotShort = 15;

    // Two numbers of seven bits to the byte, and what stands before them.
    private const int LongestNumber = 5;
    private const int LongestToken = 1 + (2 * LongestNumber);

    // No array is ever copied into a larger one. Small enough not to matter where few tokens are packed, and few enough for a pool to keep them.
    private const int PageSize = 32 * 1024;

    // Blocks read last, by the lowest bits of their numbers.
    private const int Lines = 8;

    private readonly ulong[] _lines = new ulong[Lines * BlockSize];
    private readonly int[] _lineBlocks = new int[Lines];

    // Containers that were open when they were packed, innermost last, and where the number of their tokens belongs.
    private readonly Stack<(int Token, int Place)> _open = new();
    private byte[][] _pages = [];
    private long[] _blocks = [];
    private int _blockCount;
    private int _pageCount;
    private int _used = PageSize;

    public PackedTokens() => _lineBlocks.AsSpan().Fill(-1);

    /// <summary>Packs the next block.</summary>
    /// <param name="tokens">As many as a block has.</param>
    public void Add(ReadOnlySpan<ulong> tokens)
    {
        Debug.Assert(tokens.Length == BlockSize, "blocks are whole");
        if (PageSize - _used < BlockSize * LongestToken)
        {
            AddPage();
        }

        var first = new JsonToken(tokens[0], 0).Start;
        AddBlock(((long)first << 32) | (uint)((_pageCount - 1) * PageSize + _used));
        var page = _pages[_pageCount - 1].AsSpan();
        var at = _used;
        for (var (i, start) = (0, first); i < tokens.Length; i++)
        {
            var token = new JsonToken(tokens[i], 0);
            var (distance, extent) = (token.Start - start, token.Extent);
            var head = (int)token.Kind | (token.HasEscapes ? EscapeBit : 0);
            start = token.Start;
            page[at++] = (byte)(head | (Math.Min(distance, NotShort) << ShortAt));
            if (distance >= NotShort)
            {
                Write(page, ref at, distance);
            }

            if (extent == 0 && token.Kind <= JsonTokenKind.Array)
            {
                _open.Push((((_blockCount - 1) * BlockSize) + i, ((_pageCount - 1) * PageSize) + at));
                WriteFixed(page, at, 0);
                at += LongestNumber;
            }
            else if (extent <= 0x7F)
            {
                page[at++] = (byte)extent;
            }
            else
            {
                Write(page, ref at, extent);
            }
        }

        _used = at;
    }

    /// <summary>Says how many tokens a container has, which was open when it was packed. The innermost comes first.</summary>
    /// <param name="token">Its number among these.</param>
    /// <param name="extent">Number of tokens with its own.</param>
    public void Close(int token, int extent)
    {
        var (open, place) = _open.Pop();
        Debug.Assert(open == token, "containers end from the inside out");
        WriteFixed(_pages[place / PageSize], place % PageSize, extent);
        var block = token / BlockSize;
        if (_lineBlocks[block % Lines] == block)
        {
            _lineBlocks[block % Lines] = -1;
        }
    }

    /// <summary>A token as it was given.</summary>
    /// <param name="token">Its number among these.</param>
    public ulong this[int token]
    {
        get
        {
            var block = token / BlockSize;
            var line = block % Lines;
            if (_lineBlocks[line] != block)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)_blockCount, nameof(token));
                Unpack(_blocks[block], _lines.AsSpan(line * BlockSize, BlockSize));
                _lineBlocks[line] = block;
            }

            return _lines[(line * BlockSize) + (token % BlockSize)];
        }
    }

    /// <summary>Forgets them. Offsets only, no content: nothing is cleared.</summary>
    public void Clear()
    {
        for (var i = 0; i < _pageCount; i++)
        {
            ArrayPool<byte>.Shared.Return(_pages[i]);
            _pages[i] = null!;
        }

        if (_blocks.Length > 0)
        {
            ArrayPool<long>.Shared.Return(_blocks);
        }

        (_pages, _blocks, _blockCount, _pageCount, _used) = ([], [], 0, 0, PageSize);
        _lineBlocks.AsSpan().Fill(-1);
        _open.Clear();
    }

    private void AddPage()
    {
        if (_pageCount == _pages.Length)
        {
            Array.Resize(ref _pages, Math.Max(8, _pages.Length * 2));
        }

        _pages[_pageCount++] = ArrayPool<byte>.Shared.Rent(PageSize);
        _used = 0;
    }

    private void AddBlock(long block)
    {
        if (_blockCount == _blocks.Length)
        {
            var larger = ArrayPool<long>.Shared.Rent(Math.Max(BlockSize, _blocks.Length * 2));
            _blocks.CopyTo(larger, 0);
            if (_blocks.Length > 0)
            {
                ArrayPool<long>.Shared.Return(_blocks);
            }

            _blocks = larger;
        }

        _blocks[_blockCount++] = block;
    }

    private void Unpack(long block, Span<ulong> tokens)
    {
        var (start, place) = ((int)(block >> 32), (int)block);
        var (page, at) = (_pages[place / PageSize], place % PageSize);
        for (var i = 0; i < tokens.Length; i++)
        {
            var head = page[at++];
            var distance = head >> ShortAt;
            start += distance < NotShort ? distance : Read(page, ref at);
            var token = JsonToken.Of((JsonTokenKind)(head & (EscapeBit - 1)), start, Read(page, ref at));
            tokens[i] = (head & EscapeBit) == 0 ? token : JsonToken.Escaped(token);
        }
    }

    private static void Write(Span<byte> page, ref int at, int number)
    {
        for (; number > 0x7F; number >>= 7)
        {
            page[at++] = (byte)(number | 0x80);
        }

        page[at++] = (byte)number;
    }

    private static void WriteFixed(Span<byte> page, int at, int number)
    {
        for (var i = 1; i < LongestNumber; i++, number >>= 7)
        {
            page[at++] = (byte)(number | 0x80);
        }

        page[at] = (byte)number;
    }

    private static int Read(byte[] page, ref int at)
    {
        int number = page[at++];
        if (number > 0x7F)
        {
            number &= 0x7F;
            for (var shift = 7; ; shift += 7)
            {
                var next = page[at++];
                number |= (next & 0x7F) << shift;
                if (next <= 0x7F)
                {
                    break;
                }
            }
        }

        return number;
    }
}
