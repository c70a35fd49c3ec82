using System.Buffers;
using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;

namespace LlmGuard.Integration.Tests.Limits;

/// <summary>
/// What a thread of its own holds of the shared array pools: what it has rented and not given back, in bytes, and the most of that at one time.
/// The pools themselves tell, so nothing that is lent from them goes uncounted.
/// </summary>
internal sealed class PooledBytes : EventListener
{
    private const string Source = "System.Buffers.ArrayPoolEventSource";
    private const int Rented = 1;
    private const int Returned = 3;

    // What the framework rents for itself, such as the parts of a list that is made an array: references mostly, and none is larger than a segment.
    private const int SizeOfOthers = 64;

    private static readonly Type[] Common =
    [
        typeof(byte), typeof(char), typeof(short), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(UInt128), typeof(object),
        typeof(string),
    ];

    private readonly Dictionary<int, int> _sizes = SizesByPool();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _held;

    private PooledBytes()
    {
    }

    /// <summary>The most bytes held at one time.</summary>
    public long Peak { get; private set; }

    /// <summary>Does something on a new thread, which holds nothing at first, not even what is kept from call to call.</summary>
    public static PooledBytes Of(Action action)
    {
        PooledBytes? pooled = null;
        var thread = new Thread(() =>
        {
            using (pooled = new PooledBytes())
            {
                action();
            }
        });
        thread.Start();
        thread.Join();
        return pooled!;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The base class may begin to listen before this one is made.
        if (_sizes is null || Environment.CurrentManagedThreadId != _thread || eventData.EventId is not (Rented or Returned))
        {
            return;
        }

        var (length, pool) = ((int)eventData.Payload![1]!, (int)eventData.Payload[2]!);
        var size = _sizes.GetValueOrDefault(pool, SizeOfOthers);
        _held += (eventData.EventId == Rented ? 1L : -1L) * length * size;
        Peak = Math.Max(Peak, _held);
    }

    /// <summary>Pools call themselves by their hash code and count elements, so the size of an element is looked up by that.</summary>
    private static Dictionary<int, int> SizesByPool()
    {
        var own = AppDomain.CurrentDomain.GetAssemblies()
            .Where(a => a.GetName().Name!.StartsWith("LlmGuard", StringComparison.Ordinal))
            .SelectMany(a => a.GetTypes())
            .Where(t => t is { IsValueType: true, IsByRefLike: false, ContainsGenericParameters: false } && t != typeof(void));
        var sizes = new Dictionary<int, int>();
        foreach (var type in own.Concat(Common))
        {
            var pool = typeof(ArrayPool<>).MakeGenericType(type).GetProperty(nameof(ArrayPool<>.Shared))!.GetValue(null)!;
            sizes[pool.GetHashCode()] = (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
        }

        return sizes;
    }
}
