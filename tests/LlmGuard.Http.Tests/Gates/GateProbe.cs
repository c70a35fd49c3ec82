using System.Threading.Channels;
using LlmGuard.Http.Tests.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Gates;

/// <summary>A guardrail that notes what a gate told it about a call and blocks when a test says so.</summary>
internal sealed class GateProbe(string name, GuardrailNeeds needs, Func<GuardrailCall, bool>? blocks = null) : IGuardrailPlugin
{
    private readonly Channel<Noted> _notes = Channel.CreateUnbounded<Noted>();
    private readonly List<Noted> _all = [];

    public GuardrailPluginMetadata Metadata { get; } = new(name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
        Needs = needs,
        RunsInline = true,
    };

    /// <summary>What it was told, in order.</summary>
    public IReadOnlyList<Noted> Notes
    {
        get
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>The next note, for stages that run in the background.</summary>
    public async Task<Noted> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await _notes.Reader.ReadAsync(patience.Token);
    }

    /// <summary>A client guarded by entries of probes.</summary>
    public static GuardedClient Guard(string entries, params GateProbe[] probes) => Guard(entries, static _ => RecordingUpstream.Json("{}"), probes);

    public static GuardedClient Guard(string entries, Func<HttpRequestMessage, HttpResponseMessage> answer, params GateProbe[] probes) =>
        new(entries, answer, configureServices: builder =>
        {
            foreach (var probe in probes)
            {
                builder.Services.AddSingleton<IGuardrailPlugin>(probe);
            }
        });

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var (bytes, depth) = (settings.Int32("bytes", 0), settings.Int32("depth", 0));
        return new Evaluator(this, bytes == 0 ? null : bytes, depth == 0 ? null : depth);
    }

    private GuardrailVerdict Judge(GuardrailCall call)
    {
        var note = new Noted(call.Stage, call.Body, call.Dialect, call.Model, call.IsStreaming, call.MaxTokens, call.Choices, call.UpstreamStatus,
            [.. call.Content.Select(static s => s.Text)], call.RequestContent is { } request ? [.. request.Select(static s => s.Text)] : null);
        lock (_all)
        {
            _all.Add(note);
        }

        // Before whoever waits for the note hears of it: what the test looks at then has to be there.
        var verdict = blocks?.Invoke(call) == true ? GuardrailVerdict.Block() : GuardrailVerdict.Allow;
        _notes.Writer.TryWrite(note);
        return verdict;
    }

    private sealed class Evaluator(GateProbe probe, long? bytes, int? depth) : IGuardrailEvaluator, IBodyLimits
    {
        public long? MaxBodyBytes => bytes;

        public int? MaxJsonDepth => depth;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
            ValueTask.FromResult(probe.Judge(call));
    }

    /// <summary>One call as a guardrail is told about it.</summary>
    internal sealed record Noted(
        GuardrailStage Stage,
        BodyMetrics Body,
        string? Dialect,
        string? Model,
        bool IsStreaming,
        long? MaxTokens,
        long Choices,
        int? UpstreamStatus,
        IReadOnlyList<string> Texts,
        IReadOnlyList<string>? Request);
}
