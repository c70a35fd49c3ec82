using System.Text;
using LlmGuard.Http.Streams;

namespace LlmGuard.Http.Tests.Streams;

/// <summary>One guarded answer under way.</summary>
internal sealed class GuardedRun(GuardedCall call, FeedStream upstream, GuardedStream stream) : IAsyncDisposable
{
    public GuardedCall Call => call;

    public FeedStream Upstream => upstream;

    public GuardedStream Stream => stream;

    public static Task<GuardedRun> BeginAsync(GuardedStreams app) => BeginAsync(app, app.Begin());

    public static async Task<GuardedRun> BeginAsync(GuardedStreams app, GuardedCall call, string path = "/v1/chat/completions")
    {
        var guard = await app.OpenAsync(call, GuardedStreams.Head("text/event-stream", path));
        var upstream = new FeedStream();
        return new GuardedRun(call, upstream, new GuardedStream(guard, upstream));
    }

    public async Task<string> ReadAsync()
    {
        var chunk = new byte[8192];
        return Encoding.UTF8.GetString(chunk, 0, await stream.ReadAsync(chunk));
    }

    public async Task<string> ReadToEndAsync()
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return Encoding.UTF8.GetString(copy.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await call.DisposeAsync();
    }
}
