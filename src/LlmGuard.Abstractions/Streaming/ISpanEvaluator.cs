namespace LlmGuard;

/// <summary>An evaluator made of rules of finite reach, which can therefore judge a text while it still grows.</summary>
public interface ISpanEvaluator : IGuardrailEvaluator
{
    /// <summary>How far its rules look.</summary>
    SpanReach Reach { get; }

    /// <summary>Starts on one channel of one answer: the text, the reasoning or the tool arguments of one choice or block.</summary>
    /// <param name="role">Who speaks on the channel.</param>
    /// <param name="kind">What the channel carries.</param>
    /// <returns>A scanner for this channel alone, or null when the evaluator has nothing to say about such a channel.</returns>
    ISpanScanner? CreateScanner(SegmentRole role, SegmentKind kind);
}
