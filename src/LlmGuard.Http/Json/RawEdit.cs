namespace LlmGuard.Http.Json;

/// <summary>Raw bytes that take the place of others.</summary>
/// <param name="Start">Offset of the first byte that goes.</param>
/// <param name="Length">Number of bytes that go; 0 inserts.</param>
/// <param name="Bytes">What comes.</param>
internal readonly record struct RawEdit(int Start, int Length, ReadOnlyMemory<byte> Bytes)
{
    public int End => Start + Length;

    /// <summary>The value it belongs to: of a string what is between the quotes, else all of it.</summary>
    public TextSpan Value { get; init; }

    /// <summary>Whether the value is a string and stays one.</summary>
    public bool IsInString { get; init; }

    /// <summary>Carries out edits that are ascending and do not overlap.</summary>
    public static byte[] Apply(ReadOnlySpan<byte> text, List<RawEdit> edits)
    {
        var length = text.Length;
        foreach (var edit in edits)
        {
            length += edit.Bytes.Length - edit.Length;
        }

        var result = GC.AllocateUninitializedArray<byte>(length);
        var (read, written) = (0, 0);
        foreach (var edit in edits)
        {
            text[read..edit.Start].CopyTo(result.AsSpan(written));
            written += edit.Start - read;
            edit.Bytes.Span.CopyTo(result.AsSpan(written));
            written += edit.Bytes.Length;
            read = edit.End;
        }

        text[read..].CopyTo(result.AsSpan(written));
        return result;
    }
}
