namespace LlmGuard.Http.Client;

/// <summary>
/// Waits for a task on the calling thread. Only for <see cref="HttpClient.Send(HttpRequestMessage)"/>, whose caller asked to be blocked: local
/// guardrails finish without waiting, and what a remote one awaits resumes on the thread pool, never on the blocked thread.
/// </summary>
internal static class SynchronousWait
{
    public static T For<T>(ValueTask<T> pending)
    {
        var task = pending.AsTask();
        if (!task.IsCompleted)
        {
            using var finished = new ManualResetEventSlim();
            task.ContinueWith(
                static (_, state) => ((ManualResetEventSlim)state!).Set(),
                finished,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            finished.Wait();
        }

        return task.GetAwaiter().GetResult();
    }
}
