using LlmGuard.Execution;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire;

/// <summary>A body that was read, decompressed and measured. Returns its room to the budget when disposed.</summary>
internal sealed class BoundedBody : IDisposable
{
    private readonly HeldBytesBudget? _budget;
    private long _taken;

    private BoundedBody(HeldBytesBudget? budget, long taken) => (_budget, _taken) = (budget, taken);

    /// <summary>The decoded bytes; up to where reading stopped when <see cref="Failure"/> is set.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Bytes as they came, before decompression.</summary>
    public long WireBytes { get; private init; }

    /// <summary>Why reading stopped, or null.</summary>
    public GuardrailFailure? Failure { get; private init; }

    /// <summary>Status of a refusal when <see cref="Failure"/> is set: 413, 415, 400; 503 when the process is out of room.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Whether the body was encoded, so that it is now to be sent on without a Content-Encoding.</summary>
    public bool WasEncoded { get; private init; }

    /// <summary>Reads a body to its end or to a limit. Encodings: gzip, deflate, br, chained too; anything else is 415.</summary>
    /// <param name="stream">The body as it comes from the wire.</param>
    /// <param name="contentEncoding">The Content-Encoding values, or empty.</param>
    /// <param name="maxBytes">Most decoded bytes: the smaller of the plan's and the entries' own limits.</param>
    /// <param name="limits">The plan's limits, for the inflation ratio.</param>
    /// <param name="budget">The process-wide room.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public static ValueTask<BoundedBody> ReadAsync(
        Stream stream,
        IReadOnlyList<string> contentEncoding,
        long maxBytes,
        PlanLimits limits,
        HeldBytesBudget budget,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Dispose() => _budget?.Return(Interlocked.Exchange(ref _taken, 0));
}
