using System.Globalization;
using System.Text;

namespace LlmGuard.Counters;

/// <summary>The headers <c>RateLimit-Policy</c>, <c>RateLimit</c> (IETF draft-ietf-httpapi-ratelimit-headers) and <c>Retry-After</c>.</summary>
public static class RateLimitHeaders
{
    // The largest integer of a structured field.
    private const double MostSeconds = 999_999_999_999_999;

    /// <summary>Makes the headers: one member for each name, of several charges under one name the scarcest.</summary>
    /// <param name="charges">The charges.</param>
    /// <param name="states">The state of each.</param>
    /// <param name="retryAfter">When to try again; null for no such header.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(
        IReadOnlyList<NamedCharge> charges,
        IReadOnlyList<CounterState> states,
        TimeSpan? retryAfter)
    {
        ArgumentNullException.ThrowIfNull(charges);
        ArgumentNullException.ThrowIfNull(states);
        var headers = new List<KeyValuePair<string, string>>(3);
        var policy = new StringBuilder();
        var current = new StringBuilder();
        for (var i = 0; i < charges.Count; i++)
        {
            if (IsScarcest(charges, states, i, static (a, b) => a.Name == b.Name))
            {
                Append(policy, current, charges[i], states[i]);
            }
        }

        if (policy.Length > 0)
        {
            headers.Add(KeyValuePair.Create("RateLimit-Policy", policy.ToString()));
            headers.Add(KeyValuePair.Create("RateLimit", current.ToString()));
        }

        if (retryAfter is { } retry)
        {
            headers.Add(KeyValuePair.Create("Retry-After", Math.Max(1, Seconds(retry)).ToString(CultureInfo.InvariantCulture)));
        }

        return headers;
    }

    /// <summary>Whole seconds, rounded up, as headers say them.</summary>
    /// <param name="time">The time.</param>
    public static long Seconds(TimeSpan time) => (long)Math.Ceiling(Math.Min(time.TotalSeconds, MostSeconds));

    /// <summary>Until all exceeded limits let the same charges pass; null when that is never or cannot be told.</summary>
    /// <param name="states">The states of charges that were refused.</param>
    /// <exception cref="ArgumentNullException"><paramref name="states"/> is null.</exception>
    public static TimeSpan? RetryAfter(IReadOnlyList<CounterState> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var longest = TimeSpan.Zero;
        foreach (var state in states)
        {
            if (state.IsExceeded)
            {
                if (state.RetryAfter is not { } retry)
                {
                    return null;
                }

                longest = retry > longest ? retry : longest;
            }
        }

        return longest;
    }

    /// <summary>Whether no other charge of the same kind has less left, by its share of the limit; of equals, whether it is the first.</summary>
    /// <param name="charges">The charges.</param>
    /// <param name="states">The state of each.</param>
    /// <param name="index">Which charge.</param>
    /// <param name="isSame">Whether two charges are of the same kind.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static bool IsScarcest(
        IReadOnlyList<NamedCharge> charges,
        IReadOnlyList<CounterState> states,
        int index,
        Func<NamedCharge, NamedCharge, bool> isSame)
    {
        ArgumentNullException.ThrowIfNull(charges);
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(isSame);
        var share = Share(charges[index], states[index]);
        for (var i = 0; i < charges.Count; i++)
        {
            if (i != index && isSame(charges[index], charges[i]))
            {
                var other = Share(charges[i], states[i]);
                if (other < share || (other == share && i < index))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Append(StringBuilder policy, StringBuilder current, NamedCharge named, in CounterState state)
    {
        var limit = named.Charge.Limit;
        var comma = policy.Length == 0 ? "" : ", ";
        if (limit.Algorithm == CounterAlgorithm.Concurrency)
        {
            policy.Append(CultureInfo.InvariantCulture, $"{comma}\"{named.Name}\";q={limit.Limit};qu=\"concurrent-requests\"");
            current.Append(CultureInfo.InvariantCulture, $"{comma}\"{named.Name}\";r={state.Remaining}");
            return;
        }

        var unit = named.Unit is null ? "" : $";qu=\"{named.Unit}\"";
        policy.Append(CultureInfo.InvariantCulture, $"{comma}\"{named.Name}\";q={limit.Limit}{unit};w={Seconds(limit.Window)}");
        current.Append(CultureInfo.InvariantCulture, $"{comma}\"{named.Name}\";r={state.Remaining};t={Seconds(state.ResetAfter)}");
    }

    // What is exceeded is scarcer than what just ran out.
    private static double Share(NamedCharge named, in CounterState state) =>
        (state.IsExceeded ? -1 : 0) + (state.Remaining / (double)Math.Max(1, named.Charge.Limit.Limit));
}
