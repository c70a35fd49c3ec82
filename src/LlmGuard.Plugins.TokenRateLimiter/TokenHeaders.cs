using System.Globalization;
using LlmGuard.Counters;
using LlmGuard.Plugins.TokenRateLimiter.Settings;

namespace LlmGuard.Plugins.TokenRateLimiter;

/// <summary>The headers that tell a caller where it stands after its reservation. What it did cost is known only when they have been sent.</summary>
internal static class TokenHeaders
{
    private const decimal MicroPerDollar = 1_000_000m;

    public static List<KeyValuePair<string, string>> Of(TokenSettings settings, Demand demand, CounterReservation reservation)
    {
        TimeSpan? retry = reservation.IsCharged ? null : RateLimitHeaders.RetryAfter(reservation.States) ?? TimeSpan.FromSeconds(1);
        List<KeyValuePair<string, string>> headers = [.. RateLimitHeaders.Of(demand.Charges, reservation.States, retry)];
        for (var i = 0; i < demand.Charges.Count; i++)
        {
            var unit = demand.Charges[i].Unit;
            if (demand.Kinds[i] == BudgetKind.Concurrency || !IsScarcestOfItsUnit(demand, reservation, i))
            {
                continue;
            }

            var limit = demand.Charges[i].Charge.Limit;
            var state = reservation.States[i];
            if (demand.Kinds[i] == BudgetKind.Usage && settings.Unit == BudgetUnit.Dollars)
            {
                headers.Add(KeyValuePair.Create("X-Budget-Unit", "usd"));
                headers.Add(KeyValuePair.Create("X-Budget-Window", Seconds(limit.Window)));
                headers.Add(KeyValuePair.Create("X-Budget-Limit-Usd", Text(limit.Limit / MicroPerDollar)));
                headers.Add(KeyValuePair.Create("X-Budget-Remaining-Usd", Text(state.Remaining / MicroPerDollar)));
                headers.Add(KeyValuePair.Create("X-Budget-Reset", Seconds(state.ResetAfter)));
                continue;
            }

            var word = unit is null ? "Requests" : "Tokens";
            headers.Add(KeyValuePair.Create($"X-Ratelimit-Limit-{word}", Text(limit.Burst)));
            headers.Add(KeyValuePair.Create($"X-Ratelimit-Remaining-{word}", Text(state.Remaining)));
            headers.Add(KeyValuePair.Create($"X-Ratelimit-Reset-{word}", Seconds(state.ResetAfter)));
        }

        return headers;
    }

    private static bool IsScarcestOfItsUnit(Demand demand, CounterReservation reservation, int index) => RateLimitHeaders.IsScarcest(
        demand.Charges,
        reservation.States,
        index,
        static (a, b) => a.Unit == b.Unit && IsConcurrency(a) == IsConcurrency(b));

    private static bool IsConcurrency(NamedCharge charge) => charge.Charge.Limit.Algorithm == CounterAlgorithm.Concurrency;

    private static string Seconds(TimeSpan time) => RateLimitHeaders.Seconds(time).ToString(CultureInfo.InvariantCulture) + "s";

    private static string Text(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
