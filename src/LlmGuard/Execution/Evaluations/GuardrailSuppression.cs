namespace LlmGuard.Execution.Evaluations;

/// <summary>While an evaluator runs, nothing in its asynchronous flow is guarded: a judge's own request is not judged.</summary>
internal static class GuardrailSuppression
{
    private static readonly object Marker = new();
    private static readonly AsyncLocal<object?> Ambient = new();

    /// <summary>Whether this flow belongs to an evaluation.</summary>
    public static bool IsSuppressed => Ambient.Value is not null;

    /// <summary>Suppresses guarding in this flow, and in what is started from it, until disposed.</summary>
    public static Scope Enter()
    {
        if (ReferenceEquals(ExecutionContext.Capture(), BareFlow.Context))
        {
            ExecutionContext.Restore(BareFlow.Suppressed);
            return default;
        }

        var previous = Ambient.Value;
        Ambient.Value = Marker;
        return new Scope(previous);
    }

    internal readonly struct Scope(object? previous) : IDisposable
    {
        public void Dispose() => Ambient.Value = previous;
    }
    /// <summary>
    /// A flow in which nothing has been set, as that of nearly every call, and the same with the marker in it: contexts never change, so that all
    /// calls share the two.
    /// </summary>
    private static class BareFlow
    {
        static BareFlow()
        {
            ExecutionContext? bare = null, suppressed = null;
            var thread = new Thread(() =>
            {
                bare = ExecutionContext.Capture();
                Ambient.Value = Marker;
                suppressed = ExecutionContext.Capture();
            });
            thread.UnsafeStart();
            thread.Join();
            (Context, Suppressed) = (bare!, suppressed!);
        }

        public static ExecutionContext Context { get; }

        public static ExecutionContext Suppressed { get; }
    }
}
