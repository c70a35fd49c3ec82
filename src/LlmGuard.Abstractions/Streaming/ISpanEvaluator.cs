namespace LlmGuard;

/// <summary>An evaluator made of rules of finite reach, which can therefore judge a text while it still grows.</summary>
public interface ISpanEvaluator : IGuardrailEvaluator
{
    /// <summary>How far its rules look.</summary>
    SpanReach Reach { get; }

    /// <summary>
    /// Whether its rules may block an answer. Where none of an answer's entries does, its status line leaves at once; else it waits until text of
    /// the answer may leave, so that a block of its first words is a refusal with a status of its own.
    /// </summary>
    bool MayBlock => true;

    /// <summary>Starts on one channel of one answer: the text, the reasoning or the tool arguments of one choice or block.</summary>
    /// <param name="role">Who speaks on the channel.</param>
    /// <param name="kind">What the channel carries.</param>
    /// <returns>A scanner for this channel alone, or null when the evaluator has nothing to say about such a channel.</returns>
    ISpanScanner? CreateScanner(SegmentRole role, SegmentKind kind);
}
