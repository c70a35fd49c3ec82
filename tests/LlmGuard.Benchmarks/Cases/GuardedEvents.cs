using LlmGuard.Benchmarks.Policies;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>A guarded stream that never ends.</summary>
internal sealed class GuardedEvents : IAsyncDisposable
{
    private readonly Engine _engine;
    private readonly GuardedCall _call;
    private readonly StreamGuard _guard;
    private readonly byte[] _out = new byte[64 * 1024];

    private GuardedEvents(Engine engine, GuardedCall call, StreamGuard guard)
    {
        _engine = engine;
        _call = call;
        _guard = guard;
    }

    /// <summary>Opens it.</summary>
    /// <param name="path">What was asked.</param>
    /// <param name="type">The media type of the answer.</param>
    /// <param name="told">How it is framed where its type does not tell.</param>
    public static async Task<GuardedEvents> OpenAsync(
        string path = "/v1/chat/completions", string type = "text/event-stream", StreamForm? told = null)
    {
        var engine = new Engine(BenchmarkPolicies.MaskAnswers);
        var call = engine.Guardrails.Begin(new GuardedCallOptions { Seam = GuardrailSeam.Outgoing, Method = "POST" });
        var head = new WireHead { Method = "POST", RawPath = path, ContentType = type,
            Status = System.Net.HttpStatusCode.OK };
        var opening = await StreamGate.OpenAsync(call, head, told, engine.Services.GetRequiredService<HeldBytesBudget>(), CancellationToken.None);
        return new GuardedEvents(engine, call, opening.Guard!);
    }

    /// <summary>Takes an event; gives the bytes that leave for it.</summary>
    public int Take(byte[] sse)
    {
        var feeding = _guard.FeedAsync(sse);
        if (!feeding.IsCompletedSuccessfully || _guard.IsFinished)
        {
            throw new InvalidOperationException("The stream was to go on.");
        }

        return _guard.Output.Take(_out);
    }

    public async ValueTask DisposeAsync()
    {
        _guard.Dispose();
        await _call.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
