using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>
/// A streamed answer through <c>UseAiGuardrails</c> without a server: what the forwarder's row measures, without sockets, load and upstream, so that
/// instructions can be counted. The pieces are as long as those that an HttpClient reads.
/// </summary>
internal static class AnswerCases
{
    private const int Events = 2000;
    private const int Piece = 4096;

    public static IEnumerable<Comparison> All()
    {
        yield return new Comparison("answer of 2,000 events in memory, data_masking", async () =>
        {
            var engine = new Engine(BenchmarkPolicies.MaskAnswers);
            var pieces = Enumerable.Range(0, Events).SelectMany(static n => ChatEvents.All[n % ChatEvents.All.Count]).Chunk(Piece).ToArray();
            var request = ChatBodies.Clean(2 * 1024)[0];
            return await Task.FromResult(new Pair(
                Side("with UseAiGuardrails", engine, request, pieces, static app => app.UseAiGuardrails()),
                Side("without", engine, request, pieces, static _ => { }),
                engine));
        });
    }

    private static Side Side(string name, Engine engine, byte[] request, byte[][] pieces, Action<IApplicationBuilder> guard)
    {
        var app = new ApplicationBuilder(engine.Services);
        guard(app);
        app.Run(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            foreach (var piece in pieces)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        var pipeline = app.Build();
        return Ratios.Side.Of(name, async () =>
        {
            var context = new DefaultHttpContext { RequestServices = engine.Services };
            context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
            context.Request.Method = "POST";
            context.Request.Path = ChatText.Path;
            context.Request.ContentType = "application/json";
            context.Request.ContentLength = request.Length;
            context.Request.Body = new MemoryStream(request);
            await pipeline(context);
            await context.Response.CompleteAsync();
        });
    }
}
