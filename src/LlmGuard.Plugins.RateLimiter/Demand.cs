using LlmGuard.Counters;
using LlmGuard.Plugins.RateLimiter.Identity;
using LlmGuard.Plugins.RateLimiter.Settings;

namespace LlmGuard.Plugins.RateLimiter;

/// <summary>What one call would take from which limits.</summary>
internal sealed class Demand
{
    private readonly List<CounterCharge> _charges = [];
    private readonly List<NamedLimit> _limits = [];

    private Demand()
    {
    }

    /// <summary>Whether the call may not pass because a limit cannot tell whose it is.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether a limit does not apply because it cannot tell whose call it is.</summary>
    public bool IsIncomplete { get; private set; }

    public CounterCharge[] Charges => [.. _charges];

    /// <summary>The limit of each charge.</summary>
    public IReadOnlyList<NamedLimit> Limits => _limits;

    public static Demand Of(GuardrailCall call, RateSettings settings, EntryLimits limits)
    {
        var demand = new Demand();
        for (var i = 0; i < settings.Limits.Count; i++)
        {
            var limit = settings.Limits[i];
            var subjects = Subjects.Of(call, limit.By, limit.Header);
            if (subjects.Count == 0)
            {
                subjects = Subjects.Of(call, limit.Missing);
                demand.IsRefused |= limit.Missing == MissingIdentity.Reject;
                demand.IsIncomplete |= subjects.Count == 0;
            }

            foreach (var subject in subjects)
            {
                foreach (var window in limits.Windows[i])
                {
                    demand._charges.Add(new CounterCharge(window.Counter, subject, window.Cost));
                    demand._limits.Add(window);
                }
            }
        }

        return demand;
    }
}
