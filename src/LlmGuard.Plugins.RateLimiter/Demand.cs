using LlmGuard.Counters.Identity;
using LlmGuard.Counters;
using LlmGuard.Plugins.RateLimiter.Settings;

namespace LlmGuard.Plugins.RateLimiter;

/// <summary>What one call would take from which limits.</summary>
internal sealed class Demand
{
    private readonly List<NamedCharge> _charges = [];

    private Demand()
    {
    }

    /// <summary>Whether the call may not pass because a limit cannot tell whose it is.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether a limit does not apply because it cannot tell whose call it is.</summary>
    public bool IsIncomplete { get; private set; }

    public IReadOnlyList<NamedCharge> Charges => _charges;

    public static Demand Of(GuardrailCall call, RateSettings settings, EntryLimits limits)
    {
        var demand = new Demand();
        for (var i = 0; i < settings.Limits.Count; i++)
        {
            var limit = settings.Limits[i];
            var subjects = limit.Whom.SubjectsOf(call, out var isMissing);
            demand.IsRefused |= isMissing && limit.Whom.Missing == MissingIdentity.Reject;
            demand.IsIncomplete |= subjects.Count == 0;
            foreach (var subject in subjects)
            {
                foreach (var window in limits.Windows[i])
                {
                    demand._charges.Add(new NamedCharge(window.Name, new CounterCharge(window.Counter, subject, window.Cost)));
                }
            }
        }

        return demand;
    }
}
