namespace LlmGuard.AspNetCore.Requests;

/// <summary>Refusals that need no evaluation.</summary>
internal static class IncomingRefusals
{
    /// <summary>A body that nobody could read and that can also not be handed on as it came.</summary>
    public static Refusal CannotHandOn { get; } = new()
    {
        StatusCode = 413,
        Code = RefusalCodes.InputUninspectable,
        Message = "The request could not be read.",
        Reason = FailureReasons.LimitExceeded,
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
