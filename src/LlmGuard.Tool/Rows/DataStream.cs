namespace LlmGuard.Tool.Rows;

/// <summary>Opens input that may be gzipped, told by its first bytes and not by its name.</summary>
internal static class DataStream
{
    /// <summary>The input, decompressed if need be.</summary>
    public static async ValueTask<Stream> OpenAsync(Stream input, CancellationToken cancellationToken)
    {
        var start = new byte[2];
        var length = await input.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var whole = new JoinedStream(new MemoryStream(start, 0, length), input);
        return start is [0x1F, 0x8B] ? new WholeGzipStream(whole) : whole;
    }
}
