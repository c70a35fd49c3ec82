namespace LlmGuard.Http.Gates;

/// <summary>Refusals that need no evaluation.</summary>
internal static class GateRefusals
{
    /// <summary>The request could be understood in two ways by two servers.</summary>
    public static Refusal MethodOverride { get; } = new()
    {
        StatusCode = 400,
        Code = RefusalCodes.InputUninspectable,
        Message = "A method override header is not accepted on a guarded route.",
        Reason = FailureReasons.Undecodable,
    };

    /// <summary>A body for which the process has no room, so that it can also not be handed on as it came.</summary>
    public static Refusal OutOfRoom { get; } = new()
    {
        StatusCode = 503,
        Code = RefusalCodes.Unavailable,
        Message = "There is no room to inspect the call now.",
        Reason = FailureReasons.LimitExceeded,
        RetryAfter = TimeSpan.FromSeconds(1),
    };
}
