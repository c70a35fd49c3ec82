namespace LlmGuard.AspNetCore.Requests;

/// <summary>Refusals that need no evaluation.</summary>
internal static class IncomingRefusals
{
    /// <summary>A body for which the process has no room, so that it can also not be handed on as it came.</summary>
    public static Refusal OutOfRoom { get; } = new()
    {
        StatusCode = 503,
        Code = RefusalCodes.Unavailable,
        Message = "There is no room to inspect the request now.",
        Reason = FailureReasons.LimitExceeded,
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    /// <summary>An answer that was not held whole and can therefore not be released.</summary>
    public static Refusal AnswerTooLarge { get; } = new()
    {
        StatusCode = 502,
        Code = RefusalCodes.OutputUninspectable,
        Message = "The answer could not be inspected.",
        Reason = FailureReasons.LimitExceeded,
    };
}
