using System.Collections.Concurrent;

namespace LlmGuard.AspNetCore.Tests.Doubles;

/// <summary>A guardrail that does what a test says and remembers what it saw.</summary>
internal sealed class ProbePlugin(string name, Func<GuardrailCall, CancellationToken, ValueTask<GuardrailVerdict>> judge)
    : IGuardrailPlugin, IGuardrailEvaluator
{
    private static readonly GuardrailStage[] AllStages =
        [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse];

    public GuardrailNeeds Needs { get; init; } = GuardrailNeeds.Content;

    public GuardrailPluginMetadata Metadata => field ??= new GuardrailPluginMetadata(name)
    {
        Stages = AllStages,
        DefaultStages = [GuardrailStage.PreRequest],
        Needs = Needs,
        Rewrites = true,
    };

    /// <summary>Stage and texts of every evaluation.</summary>
    public ConcurrentQueue<Seen> Calls { get; } = new();

    /// <summary>Completes with the last stage of the first call that gets there.</summary>
    public TaskCompletionSource<Seen> Last { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Blocks a text that holds "forbidden", masks "secret".</summary>
    public static ProbePlugin Words(string name = "words", GuardrailNeeds needs = GuardrailNeeds.Content) =>
        new(name, static (call, _) => ValueTask.FromResult(JudgeWords(call))) { Needs = needs };

    public static ProbePlugin Allowing(string name = "probe", GuardrailNeeds needs = GuardrailNeeds.Content) =>
        new(name, static (_, _) => ValueTask.FromResult(GuardrailVerdict.Allow)) { Needs = needs };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var seen = new Seen(call.Stage, [.. call.Content.Select(segment => segment.Text)], call.UpstreamStatus, call.Ending, call.Usage, call.Scope,
            call.Body);
        Calls.Enqueue(seen);
        if (call.Stage == GuardrailStage.PostResponse)
        {
            Last.TrySetResult(seen);
        }

        return judge(call, cancellationToken);
    }

    private static GuardrailVerdict JudgeWords(GuardrailCall call)
    {
        var edits = new List<SegmentEdit>();
        foreach (var segment in call.Content)
        {
            if (segment.Text.Contains("forbidden", StringComparison.Ordinal))
            {
                return GuardrailVerdict.Block();
            }

            for (var at = segment.Text.IndexOf("secret", StringComparison.Ordinal); at >= 0;
                at = segment.Text.IndexOf("secret", at + 6, StringComparison.Ordinal))
            {
                edits.Add(new SegmentEdit(segment.Index, segment.ToUtf8(at, 6), Replacement.Literal("******")));
            }
        }

        return edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits);
    }
}

/// <summary>One evaluation as a probe saw it.</summary>
internal sealed record Seen(
    GuardrailStage Stage,
    IReadOnlyList<string> Texts,
    int? UpstreamStatus,
    CallEnding? Ending,
    TokenUsage? Usage,
    GuardrailScope Scope,
    BodyMetrics Body);
