namespace LlmGuard;

/// <summary>The reason codes of <see cref="GuardrailFailure"/> that the engine and the bundled plugins use.</summary>
public static class FailureReasons
{
    /// <summary>The evaluator threw.</summary>
    public const string Exception = "exception";

    /// <summary>The evaluation did not finish before its deadline.</summary>
    public const string Timeout = "timeout";

    /// <summary>Too many earlier evaluations of the entry still hold a thread after their deadline.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>An edit is empty, out of range, inside a code point, or on a segment that may not be edited.</summary>
    public const string InvalidEdit = "invalid_edit";

    /// <summary>An edit is valid and cannot be carried out: the segment is signed, or the result has another structure.</summary>
    public const string MaskNotApplicable = "mask_not_applicable";

    /// <summary>A verdict was returned that the stage or the plugin's metadata does not allow.</summary>
    public const string InvalidVerdict = "invalid_verdict";

    /// <summary>A pattern took more steps than its share for the length of the text.</summary>
    public const string PatternBound = "pattern_bound";

    /// <summary>
    /// A limit was passed: one of the policy (body bytes, depth, segments, findings, inflation, held bytes), or how much of a text that is written in
    /// a roundabout way, and how deep in encodings, a local plugin reads.
    /// </summary>
    public const string LimitExceeded = "limit_exceeded";

    /// <summary>
    /// The content is not what its route or content type promises, or is ambiguous; or there is no saying what a text reads as: too many invisible or
    /// combining characters in a row.
    /// </summary>
    public const string Undecodable = "undecodable";

    /// <summary>The content encoding or charset is not one that is decoded.</summary>
    public const string UnsupportedEncoding = "unsupported_encoding";

    /// <summary>The policy blocks content of this kind (an image, a tunnel, token ids) because it cannot be inspected.</summary>
    public const string Uninspected = "uninspected";

    /// <summary>A judge could not be reached or refused to answer.</summary>
    public const string Transport = "transport";

    /// <summary>A judge's answer does not cover everything that was asked.</summary>
    public const string VerdictIncomplete = "verdict_incomplete";

    /// <summary>The counter store cannot be reached.</summary>
    public const string CounterUnavailable = "counter_unavailable";

    /// <summary>A judge, or the provider's quota, refused to answer for now: HTTP 429.</summary>
    public const string Throttled = "throttled";

    /// <summary>A judge refused the credentials, or none could be had.</summary>
    public const string Credentials = "credentials";

    /// <summary>A judge refused the request for what the policy configures: model, version, resource, quota of the account.</summary>
    public const string ConfigInvalid = "config_invalid";

    /// <summary>A judge failed so often of late that it is not asked for a while.</summary>
    public const string CircuitOpen = "circuit_open";

    /// <summary>More questions wait for a judge than may wait.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>A judge's address is private, loopback, link-local or a metadata service, and the policy does not allow that.</summary>
    public const string EgressRefused = "egress_refused";
}
