namespace LlmGuard.Remote.Judging;

/// <summary>
/// What is particular to one remote judge: which questions a content makes. Everything else (deadline, retries, breaker, egress, chunks in
/// parallel, merging, failure classes, cache, health) is the same for all and lives in <see cref="RemoteEvaluator"/>.
/// </summary>
/// <remarks>Stateless and safe for concurrent use.</remarks>
internal interface IRemoteJudge
{
    /// <summary>The questions that together cover all of a content; none when there is nothing to ask.</summary>
    /// <param name="call">The call. Its texts stay valid until all questions are answered.</param>
    /// <exception cref="UninspectableContentException">The judge cannot be asked about this content.</exception>
    IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call);
}
