using System.Text;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Streams;

/// <summary>An application that guards streamed answers, and what becomes of one: held whole, and piece by piece.</summary>
internal sealed class GuardedStreams : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public GuardedStreams(string entries, Action<IServiceCollection>? configure = null, string gateway = "", params IGuardrailPlugin[] plugins)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        configure?.Invoke(services);
        var builder =
            services.AddAiGuardrails(o => o.PolicyJson = $$"""{ "gateway": { "name": "G", {{gateway}} "required_plugins": [ {{entries}} ] } }""");
        builder.AddDataMasking();
        foreach (var plugin in plugins)
        {
            services.AddSingleton(plugin);
        }

        _services = services.BuildServiceProvider();
    }

    public IServiceProvider Services => _services;

    public HeldBytesBudget Budget => _services.GetRequiredService<HeldBytesBudget>();

    public static WireHead Head(string type, string? path = "/v1/chat/completions") => new()
    {
        Method = "POST",
        RawPath = path ?? "/unknown",
        ContentType = type,
        Status = System.Net.HttpStatusCode.OK,
    };

    public GuardedCall Begin() =>
        _services.GetRequiredService<IAiGuardrails>().Begin(new GuardedCallOptions { Seam = GuardrailSeam.Outgoing, Method = "POST" });

    /// <summary>The answer after it was judged whole; null when it was refused.</summary>
    public async Task<byte[]?> HeldAsync(byte[] stream, WireHead head)
    {
        await using var call = Begin();
        var gate = await ResponseGate.JudgeAsync(call, head, BoundedBody.Over(stream), CancellationToken.None);
        return !gate.Decision.IsAllowed ? null : gate.Rewrite?.Body is { } body ? body.ToArray() : stream;
    }

    /// <summary>A guard of an answer that arrives in pieces.</summary>
    public async Task<StreamGuard> OpenAsync(GuardedCall call, WireHead head, StreamForm? told = null)
    {
        Assert.That(told is not null || StreamGate.Applies(call.Plan, head), "the answer is judged while it arrives");
        var opening = await StreamGate.OpenAsync(call, head, told, Budget, CancellationToken.None);
        return opening.Guard!;
    }

    /// <summary>What has left after each piece, and at the end.</summary>
    public async Task<Streamed> StreamAsync(byte[] stream, WireHead head, IEnumerable<int> cuts, StreamForm? told = null, bool oneByOne = true)
    {
        await using var call = Begin();
        using var guard = await OpenAsync(call, head, told);
        guard.TakesOneByOne = oneByOne;
        var left = new MemoryStream();
        var lengths = new List<int>();
        var waits = new List<long>();
        var start = 0;
        foreach (var cut in cuts.Append(stream.Length))
        {
            await guard.FeedAsync(stream.AsMemory(start, cut - start));
            Take(guard, left);
            lengths.Add((int)left.Length);
            waits.Add(guard.Waiting);
            start = cut;
        }

        await guard.EndAsync();
        Take(guard, left);
        Assert.That(guard.IsFinished);
        return new Streamed(left.ToArray(), lengths, guard.Refusal, call.Decisions[^1]) { Usage = guard.Usage, Waits = waits };
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static void Take(StreamGuard guard, MemoryStream left)
    {
        var chunk = new byte[4096];
        while (guard.Output.Take(chunk) is > 0 and var count)
        {
            left.Write(chunk, 0, count);
        }
    }
}

/// <summary>What left of an answer.</summary>
internal sealed record Streamed(byte[] Bytes, List<int> Lengths, Refusal? Refusal, GuardrailDecision Decision)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>What the answer said it used.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The bytes that waited after each piece.</summary>
    public List<long> Waits { get; init; } = [];
}
