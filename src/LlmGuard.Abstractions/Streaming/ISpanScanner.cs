namespace LlmGuard;

/// <summary>Decides piece by piece what of a growing text may leave. Used by one thread at a time.</summary>
/// <remarks>
/// For every way of cutting a text into pieces, the edits are those of a single call with the whole text and <c>isEnd</c> set, and no byte of a
/// span that is edited later is released before. A match that touches the end of the buffer is open until a following byte closes it or the
/// text ends.
/// </remarks>
public interface ISpanScanner
{
    /// <summary>Takes the text that has not been released yet, together with what has just arrived.</summary>
    /// <param name="pending">
    /// Valid UTF-8: up to <see cref="SpanReach.MaxLeft"/> bytes of left context, then held bytes, then the new ones. Never cut inside a code point.
    /// </param>
    /// <param name="context">How many bytes at the start of <paramref name="pending"/> are left context, released before and not to be
    /// edited.</param>
    /// <param name="newBytes">How many bytes at the end of <paramref name="pending"/> are new.</param>
    /// <param name="isEnd">Whether the text ends here.</param>
    /// <param name="edits">Receives the edits of the released part, in ascending order, with spans relative to <paramref name="pending"/>.</param>
    /// <returns>
    /// How many bytes of <paramref name="pending"/>, context included, are decided and may leave with the edits applied. All of them when
    /// <paramref name="isEnd"/>. At least the length of <paramref name="pending"/> minus <see cref="SpanReach.HoldBack"/>. Never inside a code
    /// point or an edit.
    /// </returns>
    int Advance(ReadOnlySpan<byte> pending, int context, int newBytes, bool isEnd, ICollection<SpanEdit> edits);

    /// <summary>
    /// Makes it ready for another text of the same role and kind, as if it had just been created. Small texts that stand in every event of an answer
    /// are then judged without a new scanner, and without reading the event in full.
    /// </summary>
    /// <returns>False when it cannot; nothing is lost then but time.</returns>
    bool TryReset() => false;
}
