using LlmGuard.Planning;

namespace LlmGuard.Execution.Evaluations;

/// <summary>The one place that says what a failure leads to.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>input</term><description>enforce: refused, 403 or what the seam says (400, 413, 415); about an answer it counts as
/// output</description></item>
/// <item><term>output</term><description>enforce: refused, 502</description></item>
/// <item><term>availability</term><description>enforce: <c>on_error</c> decides between 503 and passing, recorded as failed open</description></item>
/// <item><term>any</term><description>monitor, and post_response: recorded</description></item>
/// </list>
/// </remarks>
internal static class FailureTable
{
    private const int Forbidden = 403;
    private const int BadGateway = 502;
    private const int ServiceUnavailable = 503;

    /// <summary>Rules on a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="stage">Where it happened.</param>
    /// <param name="mode">The entry's mode; enforce for the engine's own checks.</param>
    /// <param name="onError">The entry's <c>on_error</c>; block for the engine's own checks.</param>
    /// <param name="inputStatus">The status of an input refusal when the cause is known better than 403.</param>
    public static FailureRuling Rule(GuardrailFailure failure, GuardrailStage stage,
        EntryMode mode, FailurePolicy onError, int inputStatus = Forbidden)
    {
        var effective = failure.Class == FailureClass.Input && stage == GuardrailStage.PreResponse ? FailureClass.Output : failure.Class;
        if (mode == EntryMode.Monitor || stage == GuardrailStage.PostResponse)
        {
            return new FailureRuling(FailureConsequence.Record, effective, 0, "");
        }

        return effective switch
        {
            FailureClass.Input => new FailureRuling(FailureConsequence.Refuse, effective, inputStatus, RefusalCodes.InputUninspectable),
            FailureClass.Availability when onError == FailurePolicy.Allow => new FailureRuling(FailureConsequence.FailOpen, effective, 0, ""),
            FailureClass.Availability => new FailureRuling(FailureConsequence.Refuse, effective, ServiceUnavailable, RefusalCodes.Unavailable),
            _ => new FailureRuling(FailureConsequence.Refuse, effective, BadGateway, RefusalCodes.OutputUninspectable),
        };
    }

    /// <summary>What a caller is told who is refused for a failure of the engine's own: also what is wrong with the request or the answer.</summary>
    /// <param name="code">The code of the refusal.</param>
    /// <param name="failure">The failure.</param>
    public static string Message(string code, EngineFailure failure) =>
        code != RefusalCodes.Unavailable && (failure.Detail ?? Usual(failure.Failure.Reason)) is { } detail
            ? $"{Message(code)[..^1]}: {detail}."
            : Message(code);

    /// <summary>What a caller refused with one of the failure codes is told.</summary>
    public static string Message(string code) => code switch
    {
        RefusalCodes.InputUninspectable => "The request could not be inspected.",
        RefusalCodes.OutputUninspectable => "The answer could not be inspected.",
        _ => "A required guardrail is not available.",
    };

    private static string? Usual(string reason) => reason switch
    {
        FailureReasons.Undecodable => "it is not what its Content-Encoding, its Content-Type or its route promises",
        FailureReasons.UnsupportedEncoding => "its encoding is not read here; UTF-8 is, as it is or compressed by gzip, deflate or br",
        FailureReasons.LimitExceeded => "it is larger than the policy allows",
        FailureReasons.MaskNotApplicable => "something in it must be masked and cannot be changed",
        _ => null,
    };
}

/// <summary>What becomes of a call after a failure.</summary>
internal enum FailureConsequence
{
    /// <summary>It is refused.</summary>
    Refuse,

    /// <summary>It goes on, recorded as failed open.</summary>
    FailOpen,

    /// <summary>It goes on; the failure is recorded.</summary>
    Record,
}

/// <summary>A ruling of the <see cref="FailureTable"/>; status and code only for <see cref="FailureConsequence.Refuse"/>.</summary>
internal readonly record struct FailureRuling(FailureConsequence Consequence, FailureClass Class, int StatusCode, string Code);
