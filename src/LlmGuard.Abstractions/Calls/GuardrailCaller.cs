using System.Diagnostics.CodeAnalysis;

namespace LlmGuard;

/// <summary>Who makes a call, as established by the application: never taken from a header the client can set freely. Immutable.</summary>
public sealed class GuardrailCaller
{
    private static readonly AsyncLocal<Scope?> Ambient = new();

    /// <summary>Names a caller.</summary>
    /// <param name="consumer">The consumer's name in the policy, or null when only groups are known.</param>
    /// <param name="groups">The consumer groups, in the order in which they apply. Not copied: do not change the list afterwards.</param>
    /// <exception cref="ArgumentNullException"><paramref name="groups"/> is null.</exception>
    public GuardrailCaller(string? consumer, params IReadOnlyList<string> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        Consumer = consumer;
        Groups = groups;
    }

    /// <summary>A caller about whom nothing is known.</summary>
    public static GuardrailCaller Anonymous { get; } = new(null);

    /// <summary>The caller set by <see cref="Use"/> in this asynchronous flow, or null.</summary>
    public static GuardrailCaller? Current => Ambient.Value?.Caller;

    /// <summary>The consumer's name, or null.</summary>
    public string? Consumer { get; }

    /// <summary>The consumer groups, in the order in which they apply.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>Whether neither consumer nor group is known.</summary>
    public bool IsAnonymous => Consumer is null && Groups.Count == 0;

    /// <summary>Sets the caller for the calls made in this asynchronous flow until the returned object is disposed.</summary>
    /// <param name="caller">The caller.</param>
    /// <returns>What ends it. Uses nest; the caller set before comes back. Disposing twice does nothing more.</returns>
    /// <remarks>Work started inside keeps the caller for its own flow, also after the object is disposed.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="caller"/> is null.</exception>
    /// <example><code>using (GuardrailCaller.Use(new GuardrailCaller("alice"))) { await client.PostAsync(...); }</code></example>
    [SuppressMessage("Performance", "CA1859", Justification = "The scope's type is nobody's business.")]
    public static IDisposable Use(GuardrailCaller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var scope = new Scope(caller, Ambient.Value);
        Ambient.Value = scope;
        return scope;
    }

    /// <summary>Says whether the caller is known, without the name.</summary>
    public override string ToString() => IsAnonymous ? "anonymous" : "identified";

    private sealed class Scope(GuardrailCaller caller, Scope? outer) : IDisposable
    {
        private volatile bool _ended;

        public GuardrailCaller Caller => caller;

        private Scope? Outer => outer;

        public void Dispose()
        {
            _ended = true;

            // Disposed twice or out of order, a scope must not bring back a caller whose own scope has ended.
            if (ReferenceEquals(Ambient.Value, this))
            {
                var next = outer;
                while (next is { _ended: true })
                {
                    next = next.Outer;
                }

                Ambient.Value = next;
            }
        }
    }
}
