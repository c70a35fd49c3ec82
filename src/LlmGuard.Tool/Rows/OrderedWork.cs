using System.Threading.Channels;

namespace LlmGuard.Tool.Rows;

/// <summary>Works on blocks of lines side by side and hands the results on in the order of the input. Holds a bounded number of blocks.</summary>
internal static class OrderedWork
{
    /// <summary>Works through a whole input.</summary>
    /// <param name="reader">The input.</param>
    /// <param name="degree">Most blocks worked on at once.</param>
    /// <param name="work">Makes a result of a block, on any thread. The block is disposed afterwards.</param>
    /// <param name="consume">Takes the results one by one in order.</param>
    /// <param name="cancellationToken">Ends it all.</param>
    public static async Task RunAsync<TResult>(
        LineBlockReader reader,
        int degree,
        Func<LineBlock, CancellationToken, Task<TResult>> work,
        Func<TResult, ValueTask> consume,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(degree);
        var results = Channel.CreateBounded<Task<TResult>>(new BoundedChannelOptions(degree * 2) { SingleReader = true, SingleWriter = true });

        // On a thread of its own: reading a console or a pipe may block.
        var reading = Task.Run(() => ReadAsync(reader, places, work, results.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                await consume(await result.ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync<TResult>(
        LineBlockReader reader,
        SemaphoreSlim places,
        Func<LineBlock, CancellationToken, Task<TResult>> work,
        ChannelWriter<Task<TResult>> results,
        CancellationToken cancellationToken)
    {
        var pending = new List<Task>();
        Exception? failure = null;
        try
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } block)
            {
                await places.WaitAsync(cancellationToken).ConfigureAwait(false);
                var result = Task.Run(() => WorkAsync(block, places, work, cancellationToken), CancellationToken.None);
                pending.RemoveAll(static task => task.IsCompleted);
                pending.Add(result);
                await results.WriteAsync(result, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception stopped)
        {
            // Whoever consumes is told in its turn, after the results before.
            failure = stopped;
        }

        results.Complete(failure);
        await Task.WhenAll(pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<TResult> WorkAsync<TResult>(
        LineBlock block,
        SemaphoreSlim places,
        Func<LineBlock, CancellationToken, Task<TResult>> work,
        CancellationToken cancellationToken)
    {
        try
        {
            using (block)
            {
                return await work(block, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            places.Release();
        }
    }
}
