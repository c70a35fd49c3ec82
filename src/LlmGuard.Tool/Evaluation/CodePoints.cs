using System.Text;

namespace LlmGuard.Tool.Evaluation;

/// <summary>Converts byte offsets of a text to code points, in constant time once it has been read.</summary>
internal readonly struct CodePoints
{
    private const int Step = 256;

    private readonly ReadOnlyMemory<byte> _utf8;
    private readonly int[]? _counts;

    public CodePoints(ReadOnlyMemory<byte> utf8)
    {
        _utf8 = utf8;
        if (Ascii.IsValid(utf8.Span))
        {
            return;
        }

        _counts = new int[(utf8.Length / Step) + 1];
        for (var i = 1; i < _counts.Length; i++)
        {
            _counts[i] = _counts[i - 1] + Count(utf8.Span.Slice((i - 1) * Step, Step));
        }
    }

    /// <summary>Code points of the whole text.</summary>
    public int Total => At(_utf8.Length);

    /// <summary>Code points before a byte offset.</summary>
    public int At(int offset)
    {
        if (_counts is null)
        {
            return offset;
        }

        var step = offset / Step;
        return _counts[step] + Count(_utf8.Span[(step * Step)..offset]);
    }

    private static int Count(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var value in utf8)
        {
            count += (value & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }
}
