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

    // Whoever comes next may find a gate that nobody holds any more, if it is still there: so that a reload does not close a breaker.
    private readonly Dictionary<string, WeakReference<JudgeGate>> _gates = new(StringComparer.Ordinal);

    /// <summary>The gate of a judge, held from now on until it is returned.</summary>
    /// <param name="plugin">The judge's plugin.</param>
    /// <param name="endpoint">Where it is asked.</param>
    /// <param name="credential">What tells the credential from others. Only a keyed hash is kept.</param>
    public JudgeGate Take(string plugin, Uri endpoint, string credential)
    {
        var authority = endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        var hash = Convert.ToHexString(HMACSHA256.HashData(_hashKey, Encoding.UTF8.GetBytes(credential)));
        var key = $"{plugin}\n{authority}\n{hash}";
        lock (_lock)
        {
            if (_gates.TryGetValue(key, out var known) && known.TryGetTarget(out var gate))
            {
                gate.Holders++;
                return gate;
            }

            foreach (var (dead, _) in _gates.Where(g => !g.Value.TryGetTarget(out _)).ToArray())
            {
                _gates.Remove(dead);
            }

            gate = new JudgeGate(plugin, time, log) { Holders = 1 };
            _gates[key] = new WeakReference<JudgeGate>(gate);
            return gate;
        }
    }

    /// <summary>Gives a gate back that was taken. Once nobody holds it, it says nothing about the judge any more.</summary>
    /// <param name="gate">The gate.</param>
    public void Return(JudgeGate gate)
    {
        lock (_lock)
        {
            gate.Holders--;
        }
    }

    /// <summary>The gates of a plugin that somebody holds.</summary>
    /// <param name="plugin">The plugin.</param>
    public IReadOnlyList<JudgeGate> Of(string plugin)
    {
        lock (_lock)
        {
            var gates = new List<JudgeGate>();
            foreach (var reference in _gates.Values)
            {
                if (reference.TryGetTarget(out var gate) && gate.Holders > 0 && gate.Plugin == plugin)
                {
                    gates.Add(gate);
                }
            }

            return gates;
        }
    }
}
