using System.Globalization;
using LlmGuard.Counters;

namespace LlmGuard.Plugins.TokenRateLimiter.Settings;

/// <summary>Reads the budgets of an entry: the token bucket of the plugin guide and the windows and rules of its successor.</summary>
internal static class BudgetReader
{
    /// <summary>What the token bucket is called.</summary>
    public const string BucketName = "tokens_bucket";

    private const double MicroPerDollar = 1_000_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static IReadOnlyList<Budget> ReadAll(GuardrailSettings s, BudgetUnit unit, long? tokensPerRequest)
    {
        var algorithm = s.Choice(
            "algorithm",
            CounterAlgorithm.SlidingWindow,
            KeyValuePair.Create("sliding_window", CounterAlgorithm.SlidingWindow),
            KeyValuePair.Create("gcra", CounterAlgorithm.Gcra),
            KeyValuePair.Create("fixed_window", CounterAlgorithm.FixedWindow));
        var budgets = new List<Budget>();
        Bucket(s, unit, tokensPerRequest, budgets);
        if (s.OptionalInt32("requests_per_minute", 1) is { } requests)
        {
            budgets.Add(new Budget("requests", BudgetKind.Requests, algorithm, requests, Minute));
        }

        if (s.OptionalInt32("max_concurrent", 1, 1_000_000) is { } calls)
        {
            budgets.Add(new Budget("concurrent", BudgetKind.Concurrency, CounterAlgorithm.Concurrency, calls, GuardrailCounters.LeaseDuration));
        }

        var hasAggregate = s.Has("aggregate");
        var aggregate = Window(s.Object("aggregate"), unit, algorithm, null, hasAggregate);
        if (hasAggregate)
        {
            budgets.Add(aggregate);
        }

        budgets.AddRange(s.List("windows", item => Window(item, unit, algorithm, null, true)));
        Legacy(s, unit, algorithm, budgets);
        budgets.AddRange(s.List("rules", item => Window(item, unit, algorithm, Model(item), true)));
        if (budgets.Count > 64)
        {
            s.Problem(null, "hold more than 64 limits");
        }

        var seen = new HashSet<(string, CounterAlgorithm, TimeSpan)>();
        foreach (var twice in budgets.Where(b => !seen.Add((b.Name, b.Algorithm, b.Window))))
        {
            s.Problem(twice.Model is null ? "windows" : "rules", "limit the same by the same window twice");
        }

        return budgets;
    }

    private static void Bucket(GuardrailSettings s, BudgetUnit unit, long? perRequest, List<Budget> budgets)
    {
        var perMinute = s.OptionalInt32("tokens_per_minute", 1);
        var size = s.OptionalInt32("bucket_size", 1);
        if (size is not null && perMinute is null)
        {
            s.Problem("tokens_per_minute", "is required with bucket_size: a bucket that nothing refills is empty for good");
        }

        if (perMinute is not { } rate)
        {
            return;
        }

        if (unit == BudgetUnit.Dollars)
        {
            s.Problem("tokens_per_minute", "is in tokens and the unit is dollars: use windows");
        }

        if (perRequest > (size ?? rate))
        {
            s.Problem("tokens_per_request", "is more than the bucket holds");
        }

        budgets.Add(new Budget(BucketName, BudgetKind.Usage, CounterAlgorithm.Gcra, rate, Minute, size ?? rate));
    }

    private static string Model(GuardrailSettings item)
    {
        var model = item.RequiredString("model");
        if (model.AsSpan().ContainsAnyExceptInRange(' ', '~') || model.AsSpan().ContainsAny('"', '\\'))
        {
            item.Problem("model", "has characters that no model's name has");
        }

        return model;
    }

    private static Budget Window(GuardrailSettings s, BudgetUnit unit, CounterAlgorithm algorithm, string? model, bool isGiven)
    {
        var max = s.Number("max", 1, 0, CounterLimit.MaxValue);
        var window = s.Duration("time_window", Minute, Second, Longest);
        foreach (var key in (string[])(isGiven ? ["max", "time_window"] : []))
        {
            if (!s.Has(key))
            {
                s.Problem(key, "is required");
            }
        }

        return Usage(s, "max", unit, algorithm, max, window, model);
    }

    private static Budget Usage(
        GuardrailSettings s,
        string key,
        BudgetUnit unit,
        CounterAlgorithm algorithm,
        double max,
        TimeSpan window,
        string? model)
    {
        var amount = unit == BudgetUnit.Dollars ? max * MicroPerDollar : max;
        if (unit == BudgetUnit.Tokens && max != Math.Floor(max))
        {
            s.Problem(key, "must be a whole number of tokens");
        }

        if (amount is < 1 or > CounterLimit.MaxValue)
        {
            s.Problem(key, $"is out of range: expected at least {(unit == BudgetUnit.Dollars ? "0.000001 dollars" : "1 token")}");
            amount = 1;
        }

        var span = window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var name = $"{(unit == BudgetUnit.Dollars ? "dollars" : "tokens")}_{span}s{(model is null ? "" : $"_{model.ToLowerInvariant()}")}";
        return new Budget(name, BudgetKind.Usage, algorithm, (long)Math.Round(amount), window, null, model);
    }

    // {"unit": "hour", "max": 1000}
    private static void Legacy(GuardrailSettings s, BudgetUnit unit, CounterAlgorithm algorithm, List<Budget> budgets)
    {
        var isGiven = s.Has("window");
        var legacy = s.Object("window");
        if (isGiven && !legacy.Has("max"))
        {
            legacy.Problem("max", "is required");
        }

        var window = legacy.Choice(
            "unit",
            Minute,
            KeyValuePair.Create("second", Second),
            KeyValuePair.Create("minute", Minute),
            KeyValuePair.Create("hour", TimeSpan.FromHours(1)),
            KeyValuePair.Create("day", TimeSpan.FromDays(1)));
        var max = legacy.Number("max", 1, 0, CounterLimit.MaxValue);
        if (isGiven)
        {
            budgets.Add(Usage(legacy, "max", unit, algorithm, max, window, null));
        }
    }
}
