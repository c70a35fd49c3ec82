namespace LlmGuard.Scanning;

/// <summary>The part of a text that is at hand.</summary>
/// <param name="bytes">Left context, then what is not released.</param>
/// <param name="context">How many bytes at the start are left context.</param>
/// <param name="origin">Offset of the first byte in the text.</param>
/// <param name="isEnd">Whether the text ends with the window.</param>
internal readonly ref struct ScanWindow(ReadOnlySpan<byte> bytes, int context, long origin, bool isEnd)
{
    public readonly ReadOnlySpan<byte> Bytes = bytes;

    public int Context { get; } = context;

    public long Origin { get; } = origin;

    public bool IsEnd { get; } = isEnd;

    /// <summary>The window as it would be if only so much of the text were known.</summary>
    /// <param name="end">Offset in the text, at most <see cref="End"/>.</param>
    public ScanWindow Until(long end) => end == End ? this : new(Bytes[..(int)(end - Origin)], Context, Origin, isEnd: false);

    /// <summary>Offset in the text of the byte after the last one.</summary>
    public long End => Origin + Bytes.Length;
}
