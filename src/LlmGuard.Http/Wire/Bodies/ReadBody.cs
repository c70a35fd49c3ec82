using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>A body, or a part of one, that was read into segments.</summary>
internal abstract class ReadBody
{
    /// <summary>What it says about the call.</summary>
    public virtual BodyFacts Facts => default;

    /// <summary>Carries out edits and changes. Edits of segments that came from elsewhere are skipped.</summary>
    /// <param name="edits">Edits of the content, ascending and never overlapping.</param>
    /// <param name="changes">Changes of the body; never headers or query values.</param>
    public abstract BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes);
}

/// <summary>A body made of several, or of a stream, that says what those say together.</summary>
internal abstract class ComposedBody : ReadBody
{
    public sealed override BodyFacts Facts => Composed;

    /// <summary>What those say.</summary>
    public required BodyFacts Composed { private get; init; }
}

/// <summary>What a body says about its call.</summary>
internal readonly record struct BodyFacts
{
    public string? Dialect { get; init; }

    public string? Model { get; init; }

    public bool IsStreaming { get; init; }

    public bool CreatesServerState { get; init; }

    public int JsonDepth { get; init; }

    public int Messages { get; init; }

    public bool AsksForUsage { get; init; }

    public AnswerSize? Asks { get; init; }

    /// <summary>The conversation that the provider keeps and the request names; several requests at once name none.</summary>
    public string? Conversation { get; init; }

    public TokenUsage? Usage { get; init; }

    /// <summary>What an answer must repeat, as raw JSON; an answer to several requests at once repeats nothing.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The facts of a body made of several.</summary>
    public BodyFacts With(in BodyFacts other) => new()
    {
        Dialect = Dialect ?? other.Dialect,
        Model = Model ?? other.Model,
        IsStreaming = IsStreaming || other.IsStreaming,
        CreatesServerState = CreatesServerState || other.CreatesServerState,
        JsonDepth = Math.Max(JsonDepth, other.JsonDepth),
        Messages = Messages + other.Messages,
        AsksForUsage = AsksForUsage || other.AsksForUsage,
        Asks = AnswerSize.Sum(Asks, other.Asks),
        Usage = UsageReports.Join(Usage, other.Usage),
    };
}

/// <summary>A body after a decision.</summary>
/// <param name="Bytes">The new body, or null when nothing changes.</param>
/// <param name="CannotApply">Whether an edit or change cannot be carried out; then there are no bytes.</param>
internal readonly record struct BodyRewrite(ReadOnlyMemory<byte>? Bytes, bool CannotApply)
{
    public static BodyRewrite Unchanged => default;

    public static BodyRewrite NotApplicable => new(null, true);

    public static BodyRewrite To(ReadOnlyMemory<byte> bytes) => new(bytes, false);
}
