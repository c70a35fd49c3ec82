namespace LlmGuard.AspNetCore.Requests;

/// <summary>Refusals that need no evaluation.</summary>
internal static class IncomingRefusals
{
    /// <summary>An answer that was not held whole and can therefore not be released.</summary>
    /// <param name="detail">Which limit it has passed.</param>
    public static Refusal AnswerTooLarge(string detail) => new()
    {
        StatusCode = 502,
        Code = RefusalCodes.OutputUninspectable,
        Message = $"The answer could not be inspected: {detail}.",
        Reason = FailureReasons.LimitExceeded,
    };
}
