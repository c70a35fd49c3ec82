using LlmGuard.Http.Wire.Streams.Live;

namespace LlmGuard.Http.Streams;

/// <summary>
/// Reads on in an answer that was cut, for the usage that providers report at its end: where an entry settles by it, what the caller has used
/// would else be a guess. Nobody waits for it, nothing of it leaves, and it gives up at a bound.
/// </summary>
internal static class UpstreamDrain
{
    /// <summary>Most bytes that are read.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>How long it may take.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    /// <summary>Reads the rest.</summary>
    /// <param name="guard">Reads events for what they say about the call.</param>
    /// <param name="source">The rest of the answer; disposed at the end.</param>
    /// <param name="pending">A read that is under way, or null.</param>
    /// <param name="chunk">What is read into.</param>
    public static async Task RunAsync(StreamGuard guard, Stream source, Task<int>? pending, byte[] chunk)
    {
        try
        {
            using var time = new CancellationTokenSource(MostTime, guard.Time);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(time.Token, guard.Aborted);
            guard.ReadOn([]);
            for (var left = MostBytes; left > 0 && !guard.HasReadOn;)
            {
                // A read under way has no token of its own.
                var reading = pending?.WaitAsync(deadline.Token) ?? source.ReadAsync(chunk, deadline.Token).AsTask();
                pending = null;
                var read = await reading.ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                left -= read;
                guard.ReadOn(chunk.AsSpan(0, read));
            }
        }
        catch (Exception)
        {
            // Whatever the upstream throws, or the rest of a pipeline that writes it: without the end the usage is what was reported so far.
        }
        finally
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
