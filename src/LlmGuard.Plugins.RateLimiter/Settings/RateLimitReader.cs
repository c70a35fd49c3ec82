using LlmGuard.Counters.Identity;
using LlmGuard.Counters;

namespace LlmGuard.Plugins.RateLimiter.Settings;

/// <summary>Reads <c>limits</c>: a list of items, or the guide's map of a type to a limit and a window.</summary>
internal static class RateLimitReader
{
    private const int MostLimits = 32;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(366);

    public static IReadOnlyList<RateLimit> ReadAll(GuardrailSettings settings, CounterAlgorithm algorithm)
    {
        var keys = settings.KeysOf("limits");
        var limits = keys.Count > 0 && keys.Any(static k => CounterIdentity.Named(k) is not null)
            ? ReadMap(settings, algorithm)
            : settings.List("limits", item => Read(item, CounterIdentity.Read(item, null), algorithm));
        if (limits.Count == 0)
        {
            settings.Problem("limits", "must hold at least one limit");
        }

        if (limits.Sum(static l => l.Windows.Count) > MostLimits)
        {
            settings.Problem("limits", $"has more than {MostLimits} windows");
        }

        var seen = new HashSet<(string, CounterAlgorithm, TimeSpan)>();
        if (limits.Any(l => !l.Windows.All(w => seen.Add((l.Type, w.Algorithm, w.Window)))))
        {
            settings.Problem("limits", "limits the same by the same window twice");
        }

        return limits;
    }

    private static List<RateLimit> ReadMap(GuardrailSettings settings, CounterAlgorithm algorithm)
    {
        var names = settings.KeysOf("limits");
        var index = 0;
        return [.. settings.Map("limits", item =>
            Read(item.Object("value"), Typed(settings, names[index++]), algorithm)).Select(static i => i.Value)];
    }

    private static CounterIdentity Typed(GuardrailSettings settings, string type)
    {
        if (CounterIdentity.Named(type) is { } by)
        {
            return new CounterIdentity { By = by };
        }

        var known = string.Join(", ", CounterIdentity.Names);
        settings.Problem("limits", $"knows no type \"{type}\": expected one of {known}; a limit by header is an item of a list");
        return new CounterIdentity();
    }

    private static RateLimit Read(GuardrailSettings item, CounterIdentity whom, CounterAlgorithm algorithm)
    {
        var cost = item.Int32("cost", 1, 1, 1_000_000);
        var windows = new List<RateWindow>();
        var hasOwn = item.Has("limit") || item.Has("window") || !(item.Has("windows") || item.Has("max_concurrent"));

        // Read in any case: what is read is what the schema names.
        var own = Window(item, algorithm, cost, isRequired: hasOwn);
        if (hasOwn)
        {
            windows.Add(own);
        }

        item.RefuseIdle(!hasOwn && algorithm == CounterAlgorithm.Gcra, "without \"limit\" and \"window\" beside it", "burst");
        windows.AddRange(item.List("windows", window => Window(window, algorithm, cost, isRequired: true)));
        if (item.OptionalInt32("max_concurrent", 1, 1_000_000) is { } atATime)
        {
            windows.Add(new RateWindow(CounterAlgorithm.Concurrency, atATime, GuardrailCounters.LeaseDuration));
        }

        if (windows.Count == 0)
        {
            item.Problem("windows", "must hold at least one window, or the item limits nothing");
        }

        var limit = new RateLimit(whom with { Missing = whom.ReadMissing(item) }, cost, windows);
        item.RefuseIdle(!limit.HasWindow, "on \"max_concurrent\" alone: a call takes one slot", "cost");
        return limit;
    }

    private static RateWindow Window(GuardrailSettings s, CounterAlgorithm algorithm, int cost, bool isRequired)
    {
        var limit = isRequired ? s.RequiredInt32("limit", 1) : s.OptionalInt32("limit", 1) ?? 1;
        var window = s.Duration("window", Second, Second, LongestWindow);
        if (isRequired && !s.Has("window"))
        {
            s.Problem("window", "is required");
        }

        var burst = s.OptionalInt32("burst", 1);
        s.RefuseIdle(algorithm != CounterAlgorithm.Gcra, "unless the algorithm is \"gcra\"", "burst");
        burst = algorithm == CounterAlgorithm.Gcra ? burst : null;

        if (isRequired && cost > (burst ?? limit))
        {
            s.Problem(burst is null ? "limit" : "burst", $"is less than one call costs, which is {cost}");
        }

        return new RateWindow(algorithm, limit, window, burst);
    }
}
