namespace LlmGuard.Execution;

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
        var previous = Ambient.Value;
        Ambient.Value = Marker;
        return new Scope(previous);
    }

    internal readonly struct Scope(object? previous) : IDisposable
    {
        public void Dispose() => Ambient.Value = previous;
    }
}
