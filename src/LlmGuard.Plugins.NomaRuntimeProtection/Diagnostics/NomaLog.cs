using Microsoft.Extensions.Logging;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Diagnostics;

/// <summary>
/// The lines of the log. All begin with the prefix that Noma's troubleshooting guide looks for; each names cause and remedy. Never content, hosts or
/// secrets.
/// </summary>
internal static partial class NomaLog
{
    [LoggerMessage(
        1, LogLevel.Error,
        "[noma-runtime-protection] Noma cannot be reached ({Reason}): outgoing connections to the host of \"endpoint\" "
            + "(api.noma.security unless set) on TCP port 443 are refused, dropped, intercepted or not resolved. Until they are allowed, calls "
            + "are delayed or end as \"on_error\" says, and Noma's console stays empty. Allow this egress on every node; an endpoint on a "
            + "private address needs \"allow_private_endpoints\": true")]
    public static partial void EgressBlocked(ILogger logger, string reason);

    [LoggerMessage(
        2, LogLevel.Error,
        "[noma-runtime-protection] Noma refused the credentials, or no token could be had: \"client_id\" and \"client_secret\" (or "
            + "\"api_key\") are wrong, expired, revoked or belong to another environment. Copy them again from Noma's console (Settings > API "
            + "Keys), and check the secret they are read from")]
    public static partial void CredentialsRefused(ILogger logger);

    [LoggerMessage(
        3, LogLevel.Error,
        "[noma-runtime-protection] the token endpoint refused \"client_id\" and \"client_secret\" (HTTP {Status}): the client id or the "
            + "secret is wrong or revoked. Copy both again from Noma's console (Settings > API Keys), and check the secret they are read from")]
    public static partial void ClientRefused(ILogger logger, int status);

    [LoggerMessage(
        4, LogLevel.Error,
        "[noma-runtime-protection] \"token_url\" handed out no token (HTTP {Status}): it is not Noma's token endpoint, or the endpoint "
            + "fails. Deployments have it at <endpoint>/auth, which is the default, or at <endpoint>/v1/oauth/token: set \"token_url\" to yours")]
    public static partial void TokenUrlWrong(ILogger logger, int status);

    [LoggerMessage(
        5, LogLevel.Error,
        "[noma-runtime-protection] \"token_url\" cannot be reached: outgoing connections to it on TCP port 443 are refused, dropped or "
            + "not resolved, or it does not answer. Allow this egress on every node")]
    public static partial void TokenUnreachable(ILogger logger);

    [LoggerMessage(
        6, LogLevel.Error,
        "[noma-runtime-protection] Noma did not answer within the entry's \"timeout_ms\" ({TimeoutMs} ms). The timeout is too short for "
            + "the content, or Noma is slow: raise \"timeout_ms\", and every timeout of proxies and clients in front of this application above "
            + "it; or use monitor mode, which waits for nothing")]
    public static partial void TimeoutTooShort(ILogger logger, long timeoutMs);

    [LoggerMessage(
        7, LogLevel.Warning,
        "[noma-runtime-protection] calls are recorded under the generic application id \"" + ApplicationIds.Generic + "\", because nothing "
            + "names a better one. Set \"application_id\", or \"application_id_header\" for a header that a trusted proxy sets, or give the policy an "
            + "identity source, so that the consumer's name is used")]
    public static partial void GenericApplication(ILogger logger);

    [LoggerMessage(
        8, LogLevel.Warning,
        "[noma-runtime-protection] monitor mode is on for this entry: Noma is asked and its verdicts are recorded, but nothing is "
            + "blocked or masked. To block, set \"mode\": \"enforce\" on the entry (or remove \"monitor_mode\": true)")]
    public static partial void MonitorMode(ILogger logger);

    [LoggerMessage(
        9, LogLevel.Warning,
        "[noma-runtime-protection] monitor mode: this call would have been {Outcome} ({Reason}). To do so, set \"mode\": \"enforce\" on the entry")]
    public static partial void WouldHave(ILogger logger, string outcome, string? reason);

    [LoggerMessage(
        10, LogLevel.Error,
        "[noma-runtime-protection] no usable verdict: {FailureClass}, {Reason}. See the table of failures in the README of "
            + "LlmGuard.Remote; \"on_error\" (or \"block_failures\") says what happens to availability failures")]
    public static partial void NoVerdict(ILogger logger, FailureClass failureClass, string reason);
}
