namespace LlmGuard.Counters;

/// <summary>What a call wants to take from one limit.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Subject">Who or what it counts for; see <see cref="CounterSubject"/>.</param>
/// <param name="Cost">
/// How much, from 0 to <see cref="CounterLimit.MaxValue"/>; 1 for <see cref="CounterAlgorithm.Concurrency"/>. 0 takes nothing and passes unless more
/// than the limit is taken already.
/// </param>
public readonly record struct CounterCharge(CounterLimit Limit, string Subject, long Cost = 1)
{
    /// <summary>Refuses what every store refuses. For stores; nobody else needs it.</summary>
    /// <param name="charges">The charges of one call.</param>
    /// <param name="states">How many states there is room for.</param>
    /// <exception cref="ArgumentException">A limit and subject stand there twice, a cost is out of range, or there is no room for the
    /// states.</exception>
    public static void ThrowIfInvalid(ReadOnlySpan<CounterCharge> charges, int states)
    {
        if (states < charges.Length)
        {
            throw new ArgumentException("There is no room for the states.", nameof(states));
        }

        for (var i = 0; i < charges.Length; i++)
        {
            var most = charges[i].Limit.Algorithm == CounterAlgorithm.Concurrency ? 1 : CounterLimit.MaxValue;
            if (charges[i].Cost < 0 || charges[i].Cost > most)
            {
                throw new ArgumentException("A cost is out of range.", nameof(charges));
            }

            for (var j = 0; j < i; j++)
            {
                if (charges[j].Limit.Equals(charges[i].Limit) && charges[j].Subject == charges[i].Subject)
                {
                    throw new ArgumentException("A limit and subject stand there twice.", nameof(charges));
                }
            }
        }
    }

    /// <summary>Names the limit and not the subject.</summary>
    public override string ToString() => $"{Cost} of {Limit}";
}

/// <summary>How one limit stands after a charge, or after a refusal that charged nothing.</summary>
/// <param name="IsExceeded">Whether this limit is one of those that refused.</param>
/// <param name="Remaining">What is left; never negative, whatever is owed.</param>
/// <param name="ResetAfter">
/// Until more is left than now: until the oldest charge that counts has left a sliding window, or a fixed window ends; of
/// <see cref="CounterAlgorithm.Gcra"/> until everything is left again. Zero when everything is, and for <see cref="CounterAlgorithm.Concurrency"/>.
/// </param>
/// <param name="RetryAfter">
/// Until the same charge passes this limit if nobody else charges it; zero when it has passed; null when it costs more than the limit ever gives,
/// or, for <see cref="CounterAlgorithm.Concurrency"/>, when that depends on others.
/// </param>
/// <param name="Receipt">Proof of the charge, for settling it. Meaningless after a refusal.</param>
public readonly record struct CounterState(
    bool IsExceeded,
    long Remaining,
    TimeSpan ResetAfter,
    TimeSpan? RetryAfter,
    CounterReceipt Receipt = default);

/// <summary>Which charge of a limit. Only the store that issued it can read it.</summary>
/// <param name="At">When it was made by the store's clock, in a unit of the store's own.</param>
/// <param name="Lease">The number of the lease; 0 where there is none.</param>
public readonly record struct CounterReceipt(long At, long Lease = 0);

/// <summary>What a charge turned out to cost.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Subject">Who it was charged to.</param>
/// <param name="Receipt">The receipt of the charge.</param>
/// <param name="Charged">What was charged.</param>
/// <param name="Actual">What it did cost; 0 takes the charge back, or ends a lease.</param>
public readonly record struct CounterSettlement(CounterLimit Limit, string Subject, CounterReceipt Receipt, long Charged, long Actual)
{
    /// <summary>Names the limit and not the subject.</summary>
    public override string ToString() => $"{Charged} to {Actual} of {Limit}";
}
