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
}
