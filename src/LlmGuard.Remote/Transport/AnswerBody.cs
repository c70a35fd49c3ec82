namespace LlmGuard.Remote.Transport;

/// <summary>Reads bodies of bounded size.</summary>
internal static class AnswerBody
{
    private const int FirstRead = 4096;

    /// <summary>Reads a body up to a limit.</summary>
    /// <param name="content">The response's content.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <returns>The body, and whether that is all of it.</returns>
    /// <exception cref="IOException">The body broke off.</exception>
    public static async ValueTask<(ReadOnlyMemory<byte> Body, bool IsComplete)> ReadAsync(
        HttpContent content,
        int limit,
        CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        var stated = content.Headers.ContentLength;
        if (stated > limit)
        {
            return (default, false);
        }

        // One byte more than stated, so that the end is seen without growing.
        var buffer = new byte[Math.Min((stated ?? FirstRead) + 1, limit + 1L)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += read;
            if (read == 0)
            {
                return (buffer.AsMemory(0, length), true);
            }

            if (length > limit)
            {
                return (buffer.AsMemory(0, limit), false);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1L));
            }
        }
    }
}
