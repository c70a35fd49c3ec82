using System.Globalization;
using System.Text;
using LlmGuard.Counters;

namespace LlmGuard.Plugins.RateLimiter;

/// <summary>The headers that tell a caller where it stands.</summary>
/// <remarks>
/// <c>RateLimit-Policy</c> and <c>RateLimit</c> as in the IETF draft, one member for each window; of what is counted for several subjects the
/// scarcest. The older <c>X-RateLimit-*</c> have room for one window of each type: the scarcest, by share.
/// </remarks>
internal static class RateHeaders
{
    // The largest integer of a structured field.
    private const double MostSeconds = 999_999_999_999_999;

    public static List<KeyValuePair<string, string>> Of(
        IReadOnlyList<NamedLimit> limits,
        IReadOnlyList<CounterState> states,
        DateTimeOffset now,
        TimeSpan? retryAfter)
    {
        var headers = new List<KeyValuePair<string, string>>(6);
        var policy = new StringBuilder();
        var current = new StringBuilder();
        for (var i = 0; i < limits.Count; i++)
        {
            if (IsScarcest(limits, states, i, static (a, b) => a.Name == b.Name))
            {
                Append(policy, current, limits[i].Name, limits[i].Counter, states[i]);
            }
        }

        if (policy.Length > 0)
        {
            headers.Add(KeyValuePair.Create("RateLimit-Policy", policy.ToString()));
            headers.Add(KeyValuePair.Create("RateLimit", current.ToString()));
        }

        for (var i = 0; i < limits.Count; i++)
        {
            if (!IsConcurrent(limits[i]) && IsScarcest(limits, states, i, static (a, b) => a.Type == b.Type && !IsConcurrent(b)))
            {
                var prefix = $"X-RateLimit-{limits[i].Type}-";
                headers.Add(KeyValuePair.Create(prefix + "Limit", Text(limits[i].Counter.Limit)));
                headers.Add(KeyValuePair.Create(prefix + "Remaining", Text(states[i].Remaining)));
                headers.Add(KeyValuePair.Create(prefix + "Reset", Text(Seconds(now - DateTimeOffset.UnixEpoch + states[i].ResetAfter))));
            }
        }

        if (retryAfter is { } retry)
        {
            headers.Add(KeyValuePair.Create("Retry-After", Text(Math.Max(1, Seconds(retry)))));
        }

        return headers;
    }

    private static void Append(StringBuilder policy, StringBuilder current, string name, CounterLimit counter, in CounterState state)
    {
        var comma = policy.Length == 0 ? "" : ", ";
        if (counter.Algorithm == CounterAlgorithm.Concurrency)
        {
            policy.Append(CultureInfo.InvariantCulture, $"{comma}\"{name}\";q={counter.Limit};qu=\"concurrent-requests\"");
            current.Append(CultureInfo.InvariantCulture, $"{comma}\"{name}\";r={state.Remaining}");
            return;
        }

        policy.Append(CultureInfo.InvariantCulture, $"{comma}\"{name}\";q={counter.Limit};w={Seconds(counter.Window)}");
        current.Append(CultureInfo.InvariantCulture, $"{comma}\"{name}\";r={state.Remaining};t={Seconds(state.ResetAfter)}");
    }

    /// <summary>Whether no other limit of the same kind has less left; of equals, whether it is the first.</summary>
    private static bool IsScarcest(IReadOnlyList<NamedLimit> limits, IReadOnlyList<CounterState> states, int index, Func<NamedLimit, NamedLimit, bool> isSame)
    {
        var share = Share(limits[index], states[index]);
        for (var i = 0; i < limits.Count; i++)
        {
            if (i != index && isSame(limits[index], limits[i]))
            {
                var other = Share(limits[i], states[i]);
                if (other < share || (other == share && i < index))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // What is exceeded is scarcer than what just ran out.
    private static double Share(NamedLimit limit, in CounterState state) =>
        (state.IsExceeded ? -1 : 0) + (state.Remaining / (double)Math.Max(1, limit.Counter.Limit));

    private static bool IsConcurrent(NamedLimit limit) => limit.Counter.Algorithm == CounterAlgorithm.Concurrency;

    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(Math.Min(time.TotalSeconds, MostSeconds));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
