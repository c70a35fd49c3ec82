using System.Runtime.CompilerServices;
using LlmGuard.Counters.Identity;
using LlmGuard.Counters;
using LlmGuard.Plugins.RateLimiter.Settings;

namespace LlmGuard.Plugins.RateLimiter;

/// <summary>Counts calls and refuses, delays or flags those beyond a limit. Sees no content.</summary>
internal sealed class RateEvaluator(RateSettings settings, GuardrailCounters counters) : IGuardrailEvaluator, IEvaluatorNeeds
{
    // An entry of the policy is one object for as long as a revision lasts.
    private readonly ConditionalWeakTable<GuardrailEntry, EntryLimits> _limits = [];
    private int _delayed;

    // What part of the deadline the store's answers may take.
    private const int DeadlineMargin = 10;

    /// <summary>The model stands in the body; nothing else does.</summary>
    public GuardrailNeeds Needs =>
        settings.Limits.Any(static l => l.Whom.By == CounterDimension.Model) ? GuardrailNeeds.BodyMetrics : GuardrailNeeds.None;

    public async ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var limits = _limits.GetValue(call.Entry, entry => new EntryLimits(entry, settings));
        var demand = Demand.Of(call, settings, limits);
        if (demand.IsRefused)
        {
            return GuardrailVerdict.Block(
                new GuardrailRefusal { StatusCode = 403, Message = "The caller could not be identified.", Reason = "identity_missing" },
                Unidentified);
        }

        var reservation = await counters.ChargeAsync([.. demand.Charges.Select(static c => c.Charge)], cancellationToken).ConfigureAwait(false);
        if (settings.Action == ExceededAction.Throttle && !reservation.IsCharged && !call.IsMonitor)
        {
            reservation = await DelayAsync(reservation, call.Timeout, cancellationToken).ConfigureAwait(false);
        }

        // Its leases end when the call does, however it does.
        call.State.Value = reservation;
        var isRefused = !reservation.IsCharged && settings.Action != ExceededAction.Flag;
        TimeSpan? retry = !isRefused ? null : Longer(RateLimitHeaders.RetryAfter(reservation.States) ?? TimeSpan.FromSeconds(1), settings.RetryAfter);
        var headers = RateHeaders.Of(demand.Charges, reservation.States, counters.Time.GetUtcNow(), retry);
        return Verdict(demand, reservation).WithResponseHeaders(headers);
    }

    private static GuardrailFinding Unidentified { get; } = new("identity_missing", "rate", Severity: FindingSeverity.Low);

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private GuardrailVerdict Verdict(Demand demand, CounterReservation reservation)
    {
        if (!reservation.IsCharged)
        {
            var exceeded = demand.Charges[reservation.States.TakeWhile(static s => !s.IsExceeded).Count()];
            var finding = new GuardrailFinding(exceeded.Name, "rate");
            var isConcurrent = exceeded.Charge.Limit.Algorithm == CounterAlgorithm.Concurrency;
            if (settings.Action != ExceededAction.Flag)
            {
                return GuardrailVerdict.Block(
                    new GuardrailRefusal
                    {
                        Message = isConcurrent
                            ? $"{exceeded.Charge.Limit.Dimension} concurrency limit exceeded"
                            : $"{exceeded.Charge.Limit.Dimension} rate limit exceeded",
                        Reason = isConcurrent ? "concurrency_limit_exceeded" : "rate_limit_exceeded",
                    },
                    finding);
            }

            return reservation.IsDegraded ? Degraded : GuardrailVerdict.Flag(finding);
        }

        // Counted here alone meanwhile: whether that will do is on_error's to say.
        return reservation.IsDegraded ? Degraded : demand.IsIncomplete ? GuardrailVerdict.Flag(Unidentified) : GuardrailVerdict.Allow;
    }

    private static GuardrailVerdict Degraded => GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.CounterUnavailable);

    /// <summary>
    /// Waits for room as long as the settings and the entry's deadline allow and tries again. What does not get any in that time stays refused: by
    /// the limit, and not by a deadline that nobody else knows of.
    /// </summary>
    private async ValueTask<CounterReservation> DelayAsync(CounterReservation reservation, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _delayed) > settings.MaxDelayed)
        {
            Interlocked.Decrement(ref _delayed);
            return reservation;
        }

        try
        {
            var longest = timeout - (timeout / DeadlineMargin);
            var left = settings.MaxDelay < longest ? settings.MaxDelay : longest;
            while (!reservation.IsCharged && RateLimitHeaders.RetryAfter(reservation.States) is { } wait && wait <= left)
            {
                await Task.Delay(wait, counters.Time, cancellationToken).ConfigureAwait(false);
                left -= Longer(wait, TimeSpan.FromMilliseconds(1));
                reservation = await counters.ChargeAsync([.. reservation.Charges], cancellationToken).ConfigureAwait(false);
            }

            return reservation;
        }
        finally
        {
            Interlocked.Decrement(ref _delayed);
        }
    }
}
