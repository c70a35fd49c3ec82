using System.Buffers;

namespace LlmGuard.Tool.Rows;

/// <summary>
/// Whole lines of an input that were read together. Disposing returns the buffer, cleared: it may hold what nobody else should see.
/// </summary>
internal sealed class LineBlock(byte[] buffer, int length, long firstLine) : IDisposable
{
    /// <summary>Number of the first line, from 1.</summary>
    public long FirstLine => firstLine;

    /// <summary>Whether this stands for a single line that is longer than any that is read.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>The lines without their ends, empty ones included.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines()
    {
        var start = 0;
        while (start < length)
        {
            var rest = buffer.AsMemory(start, length - start);
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            start += end < 0 ? rest.Length : end + 1;
            yield return line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
}
