using System.Collections.Frozen;

namespace LlmGuard.Execution.Evaluations;

/// <summary>Keeps what plugins call a code from being anything else: it goes into logs, audit records and metrics.</summary>
internal static class ReasonCodes
{
    private const string Other = "other";

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        FailureReasons.Exception, FailureReasons.Timeout, FailureReasons.Abandoned, FailureReasons.InvalidEdit, FailureReasons.MaskNotApplicable,
        FailureReasons.InvalidVerdict, FailureReasons.PatternBound, FailureReasons.LimitExceeded, FailureReasons.Undecodable,
        FailureReasons.UnsupportedEncoding, FailureReasons.Uninspected, FailureReasons.Transport, FailureReasons.VerdictIncomplete,
        FailureReasons.CounterUnavailable, FailureReasons.Throttled, FailureReasons.Credentials, FailureReasons.ConfigInvalid,
        FailureReasons.CircuitOpen, FailureReasons.Overloaded, FailureReasons.EgressRefused);

    /// <summary>The reason when it looks like a code: up to 64 lower-case ASCII letters, digits, dots and underscores.</summary>
    public static string Clean(string? reason) =>
        reason is { Length: > 0 and <= 64 } && reason.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.')
            ? reason
            : Other;

    /// <summary>The reason when it is one of <see cref="FailureReasons"/>, whose number is bounded, as metric tags must be.</summary>
    public static string ForMetric(string reason) => Known.Contains(reason) ? reason : Other;
}
