using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Remote.Transport;

/// <summary>The gates of all judges, one per judge, destination and credential; outlives policy reloads. Thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="log">Told when a breaker opens or closes.</param>
internal sealed class JudgeGates(TimeProvider time, JudgeLog log)
{
    private readonly byte[] _hashKey = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();

    // Entries hold their gate; one that no entry holds any more is dropped when the next is made.
    private readonly Dictionary<string, WeakReference<JudgeGate>> _gates = new(StringComparer.Ordinal);

    /// <summary>The gate of a judge.</summary>
    /// <param name="plugin">The judge's plugin.</param>
    /// <param name="endpoint">Where it is asked.</param>
    /// <param name="credential">What tells the credential from others. Only a keyed hash is kept.</param>
    /// <param name="maxConcurrency">Most requests at once.</param>
    public JudgeGate For(string plugin, Uri endpoint, string credential, int maxConcurrency)
    {
        var authority = endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        var hash = Convert.ToHexString(HMACSHA256.HashData(_hashKey, Encoding.UTF8.GetBytes(credential)));
        var key = $"{plugin}\n{authority}\n{maxConcurrency}\n{hash}";
        lock (_lock)
        {
            if (_gates.TryGetValue(key, out var known) && known.TryGetTarget(out var gate))
            {
                return gate;
            }

            foreach (var (dead, _) in _gates.Where(g => !g.Value.TryGetTarget(out _)).ToArray())
            {
                _gates.Remove(dead);
            }

            gate = new JudgeGate(plugin, maxConcurrency, time, log);
            _gates[key] = new WeakReference<JudgeGate>(gate);
            return gate;
        }
    }

    /// <summary>The gates in use of a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    public IReadOnlyList<JudgeGate> Of(string plugin)
    {
        lock (_lock)
        {
            var gates = new List<JudgeGate>();
            foreach (var reference in _gates.Values)
            {
                if (reference.TryGetTarget(out var gate) && gate.Plugin == plugin)
                {
                    gates.Add(gate);
                }
            }

            return gates;
        }
    }
}
