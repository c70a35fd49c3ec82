namespace LlmGuard.AspNetCore.Requests;

/// <summary>Refusals that need no evaluation.</summary>
internal static class IncomingRefusals
{
    /// <summary>An answer that was not held whole and can therefore not be released.</summary>
    public static Refusal AnswerTooLarge { get; } = new()
    {
        StatusCode = 502,
        Code = RefusalCodes.OutputUninspectable,
        Message = "The answer could not be inspected.",
        Reason = FailureReasons.LimitExceeded,
    };
}
