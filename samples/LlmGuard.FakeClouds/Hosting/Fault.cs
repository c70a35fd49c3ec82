using System.Text;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.FakeClouds.Hosting;

/// <summary>Something that goes wrong with an answer.</summary>
internal abstract record Fault
{
    private static readonly TimeSpan BeforeCut = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan DripEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Answers with something else.</summary>
    public static Fault Instead(int status, string body, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        new Replaced(new FakeAnswer(status, body, contentType, headers));

    /// <summary>Answers with what a gateway in between says.</summary>
    public static Fault Html(int status = 200) => Instead(status, "<!doctype html><html><body>Welcome</body></html>", "text/html");

    /// <summary>Changes the vendor's answer.</summary>
    public static Fault Changed(Func<string, string> change) => new Changing(change);

    /// <summary>Never begins to answer.</summary>
    public static Fault Hang { get; } = new Hanging(0);

    /// <summary>Sends the head and the first bytes and then nothing.</summary>
    public static Fault HangInBody { get; } = new Hanging(1);

    /// <summary>Sends byte after byte, so slowly that it never ends.</summary>
    public static Fault Drip { get; } = new Dripping();

    /// <summary>Breaks the connection in the middle of the body.</summary>
    public static Fault Cut { get; } = new Cutting();

    /// <summary>Breaks the connection before the head.</summary>
    public static Fault Reset { get; } = new Resetting();

    /// <summary>Answers with a body larger than anyone should read.</summary>
    public static Fault Oversize { get; } = new Changing(static body => body.TrimEnd() + new string(' ', 8 * 1024 * 1024));

    /// <summary>Plays it.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="answer">Makes the vendor's answer.</param>
    /// <param name="released">Ends all waiting.</param>
    public abstract Task PlayAsync(HttpContext context, Func<FakeAnswer> answer, CancellationToken released);

    private sealed record Replaced(FakeAnswer Answer) : Fault
    {
        public override Task PlayAsync(HttpContext context, Func<FakeAnswer> answer, CancellationToken released) =>
            Answer.WriteAsync(context.Response);
    }

    private sealed record Changing(Func<string, string> Change) : Fault
    {
        public override Task PlayAsync(HttpContext context, Func<FakeAnswer> answer, CancellationToken released)
        {
            var real = answer();
            return (real with { Body = Change(real.Body) }).WriteAsync(context.Response);
        }
    }

    private sealed record Hanging(int Bytes) : Fault
    {
        public override async Task PlayAsync(HttpContext context, Func<FakeAnswer> answer, CancellationToken released)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(released, context.RequestAborted);
            if (Bytes > 0)
            {
                var real = answer();
                real.WriteHead(context.Response, real.Bytes.Length);
                await context.Response.Body.WriteAsync(real.Bytes.AsMemory(0, Bytes), end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end.Token);
        }
    }

    private sealed record Dripping : Fault
    {
        public override async Task PlayAsync(HttpContext context, Func<FakeAnswer> answer, CancellationToken released)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(released, context.RequestAborted);
            var padded = Encoding.UTF8.GetBytes(new string(' ', 64 * 1024));
            answer().WriteHead(context.Response, padded.Length);
            for (var i = 0; i < padded.Length; i++)
            {
                await context.Response.Body.WriteAsync(padded.AsMemory(i, 1), end.Token);
                await context.Response.Body.FlushAsync(end.Token);
                await Task.Delay(DripEvery, TimeProvider.System, end.Token);
            }
        }
    }

    private sealed record Cutting : Fault
    {
        public override async Task PlayAsync(HttpContext context, Func<FakeAnswer> answer, CancellationToken released)
        {
            var real = answer();
            real.WriteHead(context.Response, real.Bytes.Length);
            await context.Response.Body.WriteAsync(real.Bytes.AsMemory(0, real.Bytes.Length / 2), released);
            await context.Response.Body.FlushAsync(released);

            // A reset overtakes what the caller has not read yet.
            await Task.Delay(BeforeCut, TimeProvider.System, released);
            context.Abort();
        }
    }

    private sealed record Resetting : Fault
    {
        public override Task PlayAsync(HttpContext context, Func<FakeAnswer> answer, CancellationToken released)
        {
            context.Abort();
            return Task.CompletedTask;
        }
    }
}
