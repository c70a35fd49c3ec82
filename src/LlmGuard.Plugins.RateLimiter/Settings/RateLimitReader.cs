using LlmGuard.Counters;
using LlmGuard.Plugins.RateLimiter.Identity;

namespace LlmGuard.Plugins.RateLimiter.Settings;

/// <summary>Reads <c>limits</c>: a list of items, or the guide's map of a type to a limit and a window.</summary>
internal static class RateLimitReader
{
    private const int MostLimits = 32;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(366);

    private static readonly KeyValuePair<string, Dimension>[] Words =
    [
        KeyValuePair.Create("global", Dimension.Global),
        KeyValuePair.Create("ip", Dimension.Ip),
        KeyValuePair.Create("user", Dimension.User),
        KeyValuePair.Create("consumer", Dimension.Consumer),
        KeyValuePair.Create("group", Dimension.Group),
        KeyValuePair.Create("key", Dimension.Key),
        KeyValuePair.Create("fingerprint", Dimension.Fingerprint),
        KeyValuePair.Create("header", Dimension.Header),
        KeyValuePair.Create("model", Dimension.Model),
    ];

    public static IReadOnlyList<RateLimit> ReadAll(GuardrailSettings settings, CounterAlgorithm algorithm)
    {
        var keys = settings.KeysOf("limits");
        var limits = keys.Count > 0 && keys.Any(static k => TypeOf(k) is not null)
            ? ReadMap(settings, algorithm)
            : settings.List("limits", item => Read(item, Named(item), algorithm));
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
        return [.. settings.Map("limits", item => Read(item.Object("value"), Typed(settings, names[index++]), algorithm)).Select(static i => i.Value)];
    }

    private static Dimension? TypeOf(string type)
    {
        var word = type.StartsWith("per_", StringComparison.OrdinalIgnoreCase) ? type[4..] : type;
        var found = Array.FindIndex(Words, w => w.Key.Equals(word, StringComparison.OrdinalIgnoreCase));
        var isGlobal = found >= 0 && Words[found].Value == Dimension.Global;
        return found >= 0 && isGlobal == (word.Length == type.Length) ? Words[found].Value : null;
    }

    private static (Dimension By, string? Header) Typed(GuardrailSettings settings, string type)
    {
        if (TypeOf(type) is { } by and not Dimension.Header)
        {
            return (by, null);
        }

        var known = string.Join(", ", Words.Where(static w => w.Value != Dimension.Header).Select(static w => NameOf(w.Value, null)));
        settings.Problem("limits", $"knows no type \"{type}\": expected one of {known}; a limit by header is an item of a list");
        return (Dimension.Global, null);
    }

    private static (Dimension By, string? Header) Named(GuardrailSettings item)
    {
        var by = item.Choice("by", Dimension.Global, Words);
        if (!item.Has("by"))
        {
            item.Problem("by", "is required");
        }

        var name = item.OptionalString("name");
        var isTrusted = item.Boolean("trusted", false);
        if (by != Dimension.Header)
        {
            if (name is not null || item.Has("trusted"))
            {
                item.Problem(name is null ? "trusted" : "name", "is for limits by header only");
            }

            return (by, null);
        }

        if (string.IsNullOrEmpty(name) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            item.Problem("name", "is required: the header to limit by, of letters, digits, '-' and '_'");
        }

        if (!isTrusted)
        {
            item.Problem("trusted", "must be true for a limit by header: only a header that clients cannot set themselves tells them apart");
        }

        return (by, (name ?? "").ToLowerInvariant());
    }

    private static RateLimit Read(GuardrailSettings item, (Dimension By, string? Header) whom, CounterAlgorithm algorithm)
    {
        var cost = item.Int32("cost", 1, 1, 1_000_000);
        var windows = new List<RateWindow>();
        if (item.Has("limit") || item.Has("window") || !(item.Has("windows") || item.Has("max_concurrent")))
        {
            windows.Add(Window(item, algorithm, cost, isRequired: true));
        }
        else
        {
            // Read all the same: what is read is what the schema names.
            Window(item, algorithm, cost, isRequired: false);
        }

        windows.AddRange(item.List("windows", window => Window(window, algorithm, cost, isRequired: true)));
        if (item.OptionalInt32("max_concurrent", 1, 1_000_000) is { } atATime)
        {
            windows.Add(new RateWindow(CounterAlgorithm.Concurrency, atATime, GuardrailCounters.LeaseDuration));
        }

        var missing = item.Choice(
            "missing",
            MissingIdentity.Address,
            KeyValuePair.Create("address", MissingIdentity.Address),
            KeyValuePair.Create("skip", MissingIdentity.Skip),
            KeyValuePair.Create("share", MissingIdentity.Share),
            KeyValuePair.Create("reject", MissingIdentity.Reject));
        return new RateLimit
        {
            By = whom.By,
            Header = whom.Header,
            Cost = cost,
            Missing = missing,
            Windows = windows,
            Type = NameOf(whom.By, whom.Header),
        };
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
        if (burst is not null && algorithm != CounterAlgorithm.Gcra)
        {
            s.Problem("burst", "is for the algorithm \"gcra\" only");
            burst = null;
        }

        if (isRequired && cost > (burst ?? limit))
        {
            s.Problem(burst is null ? "limit" : "burst", $"is less than one call costs, which is {cost}");
        }

        return new RateWindow(algorithm, limit, window, burst);
    }

    private static string NameOf(Dimension by, string? header)
    {
        var word = Array.Find(Words, w => w.Value == by).Key;
        return by switch
        {
            Dimension.Global => word,
            Dimension.Header => $"per_header_{header}",
            _ => $"per_{word}",
        };
    }
}
