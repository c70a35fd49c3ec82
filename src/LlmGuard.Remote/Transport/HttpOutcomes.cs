using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using LlmGuard.Remote.Egress;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Remote.Transport;

/// <summary>The one place that says what an HTTP outcome means: class and reason.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>2xx</term><description>an answer; cut, oversize or unusable: input, <c>verdict_incomplete</c></description></item>
/// <item><term>400, 413, 422</term><description>input, <c>undecodable</c> or <c>limit_exceeded</c>; recognisably about configuration: availability,
/// <c>config_invalid</c></description></item>
/// <item><term>401, 403</term><description>availability, <c>credentials</c></description></item>
/// <item><term>408</term><description>availability, <c>timeout</c>; retried</description></item>
/// <item><term>429</term><description>availability, <c>throttled</c>; retried. Quota used up: <c>config_invalid</c>, not retried</description></item>
/// <item><term>other 4xx</term><description>availability, <c>config_invalid</c></description></item>
/// <item><term>5xx</term><description>availability, <c>transport</c>; 500, 502, 503 and 504 are retried</description></item>
/// <item><term>3xx, anything else</term><description>availability, <c>transport</c>: redirects are not followed</description></item>
/// <item><term>no response</term><description>availability, <c>transport</c> (retried unless TLS refused), <c>timeout</c>,
/// <c>egress_refused</c></description></item>
/// </list>
/// </remarks>
internal static class HttpOutcomes
{
    /// <summary>An answer without a usable verdict.</summary>
    public static GuardrailFailure Unusable { get; } = new(FailureClass.Input, FailureReasons.VerdictIncomplete);

    /// <summary>A response that is not an answer.</summary>
    public static Attempt OfStatus(JudgeInquiry inquiry, int status, HttpResponseHeaders headers, ReadOnlySpan<byte> error, TimeSpan? retryAfter) =>
        status switch
    {
        400 or 413 or 422 when inquiry.IsAboutConfiguration(status, headers, error) => Down(status, FailureReasons.ConfigInvalid),
        413 => Content(status, FailureReasons.LimitExceeded),
        400 or 422 => Content(status, FailureReasons.Undecodable),
        401 or 403 => Down(status, FailureReasons.Credentials),
        408 => Down(status, FailureReasons.Timeout, isTransient: true),
        429 when inquiry.IsAboutConfiguration(status, headers, error) => Down(status, FailureReasons.ConfigInvalid),
        429 => Down(status, FailureReasons.Throttled, isTransient: true) with { RetryAfter = retryAfter },
        >= 400 and <= 499 => Down(status, FailureReasons.ConfigInvalid),
        500 or 502 or 504 => Down(status, FailureReasons.Transport, isTransient: true),
        503 => Down(status, FailureReasons.Transport, isTransient: true) with { RetryAfter = retryAfter },
        _ => Down(status, FailureReasons.Transport),
    };

    /// <summary>An exception before the response's head was there, or null when it is none of the transport's.</summary>
    public static Attempt? OfException(Exception exception) => exception switch
    {
        HttpRequestException { InnerException: EgressRefusedException } => Down(0, FailureReasons.EgressRefused),
        HttpRequestException { InnerException: AuthenticationException } => Down(0, FailureReasons.Transport),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError } =>
            Down(0, FailureReasons.Transport),
        HttpRequestException or IOException or SocketException => Down(0, FailureReasons.Transport, isTransient: true),
        _ => null,
    };

    /// <summary>The deadline passed, or connecting took too long.</summary>
    /// <param name="countsAgainstJudge">False when several questions shared the deadline, so that the content's size may have used it up.</param>
    public static Attempt TimedOut(bool countsAgainstJudge) => Down(0, FailureReasons.Timeout) with { CountsAgainstJudge = countsAgainstJudge };

    /// <summary>More questions wait for this judge than may wait.</summary>
    public static Attempt Overloaded() => Down(0, FailureReasons.Overloaded) with { CountsAgainstJudge = false };

    /// <summary>The judge failed too often of late.</summary>
    public static Attempt CircuitOpen() => Down(0, FailureReasons.CircuitOpen) with { CountsAgainstJudge = false };

    /// <summary>No credentials could be had.</summary>
    public static Attempt NoCredentials() => Down(0, FailureReasons.Credentials);

    /// <summary>An answer that is cut, too large or in an encoding nobody asked for.</summary>
    public static Attempt BrokenAnswer(int status) => new() { Failure = Unusable, Status = status };

    /// <summary>How long a response asks to wait.</summary>
    public static TimeSpan? RetryAfterOf(HttpResponseHeaders headers, TimeProvider time)
    {
        if (headers.RetryAfter is not { } header)
        {
            return null;
        }

        var delay = header.Delta ?? header.Date - time.GetUtcNow();
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }

    private static Attempt Down(int status, string reason, bool isTransient = false) => new()
    {
        Failure = new GuardrailFailure(FailureClass.Availability, reason),
        Status = status,
        IsTransient = isTransient,
        CountsAgainstJudge = true,
    };

    private static Attempt Content(int status, string reason) =>
        new() { Failure = new GuardrailFailure(FailureClass.Input, reason), Status = status };
}
