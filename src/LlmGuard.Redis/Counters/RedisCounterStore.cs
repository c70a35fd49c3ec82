using System.Globalization;
using System.Security.Cryptography;
using LlmGuard.Counters;

namespace LlmGuard.Redis.Counters;

/// <summary>Counters on Redis: one script, and so one round trip, for all limits of a call, by the server's clock.</summary>
/// <param name="redis">The client.</param>
/// <param name="prefix">What all keys begin with.</param>
/// <param name="clock">Instead of the server's clock, for tests.</param>
internal sealed class RedisCounterStore(IRedisScriptRunner redis, string prefix, TimeProvider? clock = null) : ICounterStore
{
    private const int StateParts = 5;

    public async ValueTask<bool> ChargeAsync(
        ReadOnlyMemory<CounterCharge> charges,
        Memory<CounterState> states,
        CancellationToken cancellationToken = default) =>
        await ChargeAsync(charges, states, default, cancellationToken).ConfigureAwait(false);

    /// <summary>Charges, and as much more in advance as there is.</summary>
    /// <param name="charges">The charges.</param>
    /// <param name="states">Receives how each limit stands, what was charged in advance not counted.</param>
    /// <param name="advances">Of each limit how much more to charge at most; receives how much that was. Empty for none.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    public async ValueTask<bool> ChargeAsync(
        ReadOnlyMemory<CounterCharge> charges,
        Memory<CounterState> states,
        Memory<long> advances,
        CancellationToken cancellationToken)
    {
        CounterCharge.ThrowIfInvalid(charges.Span, states.Length);
        cancellationToken.ThrowIfCancellationRequested();
        if (charges.IsEmpty)
        {
            return true;
        }

        var (keys, arguments, numbers) = Describe(charges.Span, advances.Span);
        var answer = await RunAsync(CounterScripts.Charge, keys, arguments, cancellationToken).ConfigureAwait(false);
        if (answer.Length != 2 + (StateParts * keys.Length))
        {
            throw new CounterStoreException("Redis does not answer as the script does.");
        }

        var passed = answer[0] == 1;
        for (var i = 0; i < keys.Length; i++)
        {
            var state = answer.AsSpan(2 + (StateParts * i), StateParts);
            var receipt = passed ? new CounterReceipt(answer[1], numbers[i]) : default;
            states.Span[i] = new CounterState(state[0] == 1, state[1], TimeOf(state[2]), state[3] < 0 ? null : TimeOf(state[3]), receipt);
            if (!advances.IsEmpty)
            {
                advances.Span[i] = passed ? state[4] : 0;
            }
        }

        return passed;
    }

    public async ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken = default)
    {
        var keys = new List<string>(settlements.Length);
        var arguments = new List<string>(1 + (8 * settlements.Length)) { Now() };
        foreach (ref readonly var s in settlements.Span)
        {
            if (s.Actual == s.Charged)
            {
                continue;
            }

            var limit = LimitArguments.Of(s.Limit);
            keys.Add(KeyOf(s.Limit, s.Subject));
            arguments.AddRange(
                limit.Algorithm, limit.Limit, limit.Window, limit.Burst, LimitArguments.Number(s.Charged), LimitArguments.Number(s.Actual),
                LimitArguments.Number(s.Receipt.At), LimitArguments.Number(s.Receipt.Lease));
        }

        if (keys.Count > 0)
        {
            await RunAsync(CounterScripts.Settle, keys, arguments, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken = default)
    {
        var keys = new List<string>(leases.Length);
        var arguments = new List<string>(1 + (2 * leases.Length)) { Now() };
        foreach (ref readonly var lease in leases.Span)
        {
            if (lease.Limit.Algorithm == CounterAlgorithm.Concurrency)
            {
                keys.Add(KeyOf(lease.Limit, lease.Subject));
                arguments.AddRange(LimitArguments.Of(lease.Limit).Window, LimitArguments.Number(lease.Receipt.Lease));
            }
        }

        if (keys.Count > 0)
        {
            await RunAsync(CounterScripts.Renew, keys, arguments, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan TimeOf(long microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond);

    // Any process may hold a lease of the same limit: numbers are random.
    private static long NewLease()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToInt64(bytes) & long.MaxValue) | 1;
    }

    private (string[] Keys, string[] Arguments, long[] Leases) Describe(ReadOnlySpan<CounterCharge> charges, ReadOnlySpan<long> advances)
    {
        var keys = new string[charges.Length];
        var leases = new long[charges.Length];
        var arguments = new string[1 + (7 * charges.Length)];
        arguments[0] = Now();
        for (var i = 0; i < keys.Length; i++)
        {
            var charge = charges[i];
            keys[i] = KeyOf(charge.Limit, charge.Subject);
            leases[i] = charge is { Limit.Algorithm: CounterAlgorithm.Concurrency, Cost: > 0 } ? NewLease() : 0;
            var limit = LimitArguments.Of(charge.Limit);
            var at = arguments.AsSpan(1 + (7 * i), 7);
            at[0] = limit.Algorithm;
            at[1] = limit.Limit;
            at[2] = limit.Window;
            at[3] = limit.Burst;
            at[4] = LimitArguments.Number(charge.Cost);
            at[5] = LimitArguments.Number(advances.IsEmpty ? 0 : advances[i]);
            at[6] = LimitArguments.Number(leases[i]);
        }

        return (keys, arguments, leases);
    }

    // The id tells its parts apart by their lengths, so nothing that a client sends can reach another limit's counter.
    private string KeyOf(CounterLimit limit, string subject) => string.Concat(prefix, limit.Id, "/", subject);

    private string Now() => clock is null
        ? ""
        : LimitArguments.Number((clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private async ValueTask<long[]> RunAsync(
        RedisScript script,
        IReadOnlyList<string> keys,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken)
    {
        try
        {
            return Array.ConvertAll(
                await redis.RunAsync(script, keys, arguments, cancellationToken).ConfigureAwait(false),
                static value => long.Parse(value ?? "", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is not CounterStoreException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // An application's own client throws what it likes.
            throw new CounterStoreException("Redis cannot be used.", e);
        }
    }
}
