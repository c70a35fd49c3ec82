namespace LlmGuard.Remote.Credentials;

/// <summary>Proves to a judge who asks. Safe for concurrent use.</summary>
internal interface IJudgeCredential
{
    /// <summary>What tells this credential from others; the breaker is kept per judge and credential. Only a keyed hash of it is stored.</summary>
    string Identity { get; }

    /// <summary>Adds the proof to a request whose destination has been checked.</summary>
    /// <param name="request">The request, complete but for this.</param>
    /// <param name="body">Its body, for signatures.</param>
    /// <param name="cancellationToken">The deadline of the evaluation.</param>
    /// <remarks>Whatever it throws, except for cancellation, is an availability failure with the reason <c>credentials</c>.</remarks>
    ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Told when the judge answered 401.</summary>
    /// <param name="rejected">The request that was refused.</param>
    /// <returns>Whether asking once more with new proof makes sense. False for what cannot change.</returns>
    bool TryRenew(HttpRequestMessage rejected) => false;
}
