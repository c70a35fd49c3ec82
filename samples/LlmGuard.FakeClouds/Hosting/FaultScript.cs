using System.Collections.Concurrent;

namespace LlmGuard.FakeClouds.Hosting;

/// <summary>What goes wrong, request by request. Thread-safe.</summary>
internal sealed class FaultScript : IDisposable
{
    private readonly ConcurrentQueue<Fault?> _next = new();
    private readonly CancellationTokenSource _release = new();

    /// <summary>What goes wrong whenever nothing else is scripted; null for nothing.</summary>
    public Fault? Always { get; set; }

    /// <summary>Ends the waiting of all faults that hang.</summary>
    public CancellationToken Released => _release.Token;

    /// <summary>Scripts the next requests, in order; null answers one normally.</summary>
    public FaultScript Then(params Fault?[] faults)
    {
        foreach (var fault in faults)
        {
            _next.Enqueue(fault);
        }

        return this;
    }

    /// <summary>The fault of the next request; null for none.</summary>
    public Fault? Next() => _next.TryDequeue(out var fault) ? fault : Always;

    /// <summary>Lets everything that hangs go.</summary>
    public void Release() => _release.Cancel();

    public void Dispose() => _release.Dispose();
}
