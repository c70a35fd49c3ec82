namespace LlmGuard.CustomPlugin;

/// <summary>Blocks texts that hold a banned word. A complete plugin: metadata, settings, evaluator.</summary>
internal sealed class BannedWordsPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("banned_words")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse],
        RunsInline = true,
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var words = settings.Strings("words");
        if (words.Count == 0 || words.Contains(""))
        {
            settings.Problem("words", "expected at least one word, and none that is empty");
        }

        return new Evaluator(words);
    }

    private sealed class Evaluator(IReadOnlyList<string> words) : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            var findings =
                from segment in call.Content
                from word in words.Index()
                let start = segment.Text.IndexOf(word.Item, StringComparison.OrdinalIgnoreCase)
                where start >= 0
                select new GuardrailFinding($"words[{word.Index}]", "banned_word", segment.Index, segment.ToUtf8(start, word.Item.Length));
            GuardrailFinding[] found = [.. findings];
            return ValueTask.FromResult(found.Length == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Block(null, found));
        }
    }
}
