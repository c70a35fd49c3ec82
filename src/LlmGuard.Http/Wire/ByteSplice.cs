namespace LlmGuard.Http.Wire;

/// <summary>One replacement of a run of bytes.</summary>
/// <param name="Span">The run; empty inserts.</param>
/// <param name="Bytes">What it becomes.</param>
internal readonly record struct ByteSplice(TextSpan Span, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Carries out splices; every byte outside them stays.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="splices">Ascending, never overlapping.</param>
    public static byte[] Apply(ReadOnlySpan<byte> source, IReadOnlyList<ByteSplice> splices)
    {
        long length = source.Length;
        foreach (var splice in splices)
        {
            length += splice.Bytes.Length - splice.Span.Length;
        }

        var result = new byte[length];
        var read = 0;
        var written = 0;
        foreach (var splice in splices)
        {
            source[read..splice.Span.Start].CopyTo(result.AsSpan(written));
            written += splice.Span.Start - read;
            splice.Bytes.Span.CopyTo(result.AsSpan(written));
            written += splice.Bytes.Length;
            read = splice.Span.End;
        }

        source[read..].CopyTo(result.AsSpan(written));
        return result;
    }
}
