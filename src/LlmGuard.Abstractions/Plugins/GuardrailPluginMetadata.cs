namespace LlmGuard;

/// <summary>What the engine must know about a plugin before it runs. Immutable.</summary>
public sealed class GuardrailPluginMetadata
{
    /// <summary>Describes a plugin.</summary>
    /// <param name="name">The identifier used in policies: lower-case ASCII letters, digits and underscores, starting with a letter.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> has another form.</exception>
    public GuardrailPluginMetadata(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!char.IsAsciiLetterLower(name[0]) || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            throw new ArgumentException(
                $"'{name}' is not a plugin identifier: lower-case letters, digits and underscores, starting with a letter.",
                nameof(name));
        }

        Name = name;
    }

    /// <summary>The identifier used in policies.</summary>
    public string Name { get; }

    /// <summary>The stages the plugin can run at. At least one. By default <see cref="GuardrailStage.PreRequest"/>.</summary>
    public IReadOnlyList<GuardrailStage> Stages { get; init; } = [GuardrailStage.PreRequest];

    /// <summary>
    /// Where an entry without <c>stage</c> runs: a subset of <see cref="Stages"/>. By default <see cref="GuardrailStage.PreRequest"/>.
    /// </summary>
    public IReadOnlyList<GuardrailStage> DefaultStages { get; init; } = [GuardrailStage.PreRequest];

    /// <summary>The stages without which an entry would do nothing: an entry that leaves one out is refused. None by default.</summary>
    public IReadOnlyList<GuardrailStage> RequiredStages { get; init; } = [];

    /// <summary>The sequential order of an entry without <c>priority</c>; lower runs first. 100 by default.</summary>
    public int DefaultPriority { get; init; } = 100;

    /// <summary>What evaluators read. <see cref="GuardrailNeeds.Content"/> by default.</summary>
    public GuardrailNeeds Needs { get; init; } = GuardrailNeeds.Content;

    /// <summary>
    /// Whether evaluators may return edits or request changes; an edit from one that said no fails its evaluation. False by default.
    /// </summary>
    public bool Rewrites { get; init; }

    /// <summary>Whether content leaves the process. False by default.</summary>
    public bool SendsContentOut { get; init; }

    /// <summary>How an answer in pieces is judged. <see cref="GuardrailStreaming.WholeText"/> by default.</summary>
    public GuardrailStreaming Streaming { get; init; } = GuardrailStreaming.WholeText;

    /// <summary>
    /// Whether evaluation takes time linear in the text and never waits, so that it may run on the request's thread. False by default: the
    /// evaluation starts on the thread pool under its deadline, and a hang costs a thread and not the request. An inline evaluation falls under its
    /// deadline from where it waits nevertheless; one that ends without waiting is not cut off, and its verdict counts.
    /// </summary>
    public bool RunsInline { get; init; }

    /// <summary>
    /// Whether evaluators may fail because something outside the process is not there. True by default. Where a plugin says no, loading a policy
    /// notes that <c>"on_error": "allow"</c> has no effect on its entries.
    /// </summary>
    public bool MayBeUnavailable { get; init; } = true;

    /// <summary>What an availability failure leads to when the entry does not say. <see cref="FailurePolicy.Block"/> by default.</summary>
    public FailurePolicy DefaultOnError { get; init; } = FailurePolicy.Block;

    /// <summary>Total deadline of one evaluation in milliseconds when the entry does not say; 5000 by default. Range 1 to 600000.</summary>
    public int DefaultTimeoutMs { get; init; } = 5000;

    /// <summary>HTTP status of a refusal when neither verdict nor entry says; 403 by default.</summary>
    public int DefaultStatusCode { get; init; } = 403;

    /// <summary>Text of a refusal when neither verdict nor entry says.</summary>
    public string DefaultMessage { get; init; } = "The request was blocked by a guardrail.";
}
