namespace LlmGuard.Http.Tests.Client;

/// <summary>A guardrail made of one word: masks it, blocks it, or merely watches.</summary>
internal sealed class WordPlugin(WordPluginLog log) : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("word")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
        Needs = GuardrailNeeds.Content | GuardrailNeeds.Usage,
        Rewrites = true,
        RunsInline = true,
        DefaultMessage = "That word is not allowed.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) =>
        new Evaluator(settings.String("mask", "\0"), settings.String("block", "\0"), log);

    private sealed class Evaluator(string mask, string block, WordPluginLog log) : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            log.Note(call);
            var edits = new List<SegmentEdit>();
            foreach (var segment in call.Content)
            {
                if (segment.Text.Contains(block, StringComparison.Ordinal))
                {
                    return ValueTask.FromResult(GuardrailVerdict.Block());
                }

                var at = segment.Text.IndexOf(mask, StringComparison.Ordinal);
                if (at >= 0)
                {
                    edits.Add(new SegmentEdit(segment.Index, segment.ToUtf8(at, mask.Length), Replacement.Literal("[X]")));
                }
            }

            return ValueTask.FromResult(edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits));
        }
    }
}

/// <summary>What the plugin was asked, in order.</summary>
internal sealed class WordPluginLog
{
    private readonly List<string> _notes = [];
    private readonly SemaphoreSlim _postResponses = new(0);

    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_notes)
            {
                return [.. _notes];
            }
        }
    }

    public void Note(GuardrailCall call)
    {
        lock (_notes)
        {
            _notes.Add(call.Stage == GuardrailStage.PostResponse
                ? $"{call.Stage} {call.Ending} {call.Usage?.Total}"
                : $"{call.Stage} {call.Dialect} {call.Caller.Consumer}");
        }

        if (call.Stage == GuardrailStage.PostResponse)
        {
            _postResponses.Release();
        }
    }

    public Task<bool> PostResponseAsync() => _postResponses.WaitAsync(TimeSpan.FromMinutes(1));
}
