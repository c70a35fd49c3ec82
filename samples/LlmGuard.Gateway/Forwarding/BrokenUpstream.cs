namespace LlmGuard.Gateway.Forwarding;

/// <summary>
/// Answers for an upstream that broke off. It stands outside of the guard: only there can be seen whether anything has left of an answer that may
/// have been held.
/// </summary>
internal static class BrokenUpstream
{
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        // The answer ended early, or the connection was reset. What the caller sent badly is the server's to refuse.
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            // What has begun ends as abruptly here, so that nobody takes it for whole.
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync("The upstream broke off its answer.", context.RequestAborted).ConfigureAwait(false);
        }
    }
}
