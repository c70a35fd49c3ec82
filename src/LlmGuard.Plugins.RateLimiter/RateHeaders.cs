using System.Globalization;
using LlmGuard.Counters;

namespace LlmGuard.Plugins.RateLimiter;

/// <summary>The headers that tell a caller where it stands.</summary>
/// <remarks>
/// Besides those of the IETF draft the older <c>X-RateLimit-*</c>, which have room for one window of each type: the scarcest, by share.
/// </remarks>
internal static class RateHeaders
{
    public static List<KeyValuePair<string, string>> Of(
        IReadOnlyList<NamedCharge> charges,
        IReadOnlyList<CounterState> states,
        DateTimeOffset now,
        TimeSpan? retryAfter)
    {
        List<KeyValuePair<string, string>> headers = [.. RateLimitHeaders.Of(charges, states, retryAfter)];
        for (var i = 0; i < charges.Count; i++)
        {
            if (!IsConcurrent(charges[i]) && RateLimitHeaders.IsScarcest(charges, states, i, IsOfOneType))
            {
                var prefix = $"X-RateLimit-{TypeOf(charges[i])}-";
                headers.Add(KeyValuePair.Create(prefix + "Limit", Text(charges[i].Charge.Limit.Limit)));
                headers.Add(KeyValuePair.Create(prefix + "Remaining", Text(states[i].Remaining)));
                headers.Add(KeyValuePair.Create(
                    prefix + "Reset",
                    Text(RateLimitHeaders.Seconds(now - DateTimeOffset.UnixEpoch + states[i].ResetAfter))));
            }
        }

        return headers;
    }

    private static bool IsOfOneType(NamedCharge charge, NamedCharge other) => TypeOf(charge) == TypeOf(other) && !IsConcurrent(other);

    private static string TypeOf(NamedCharge charge) => charge.Charge.Limit.Dimension;

    private static bool IsConcurrent(NamedCharge charge) => charge.Charge.Limit.Algorithm == CounterAlgorithm.Concurrency;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
