using System.Collections.Concurrent;

namespace LlmGuard.Plugins.TokenRateLimiter.Estimates;

/// <summary>How long answers usually are, by model, learned from what providers report. Thread-safe; bounded.</summary>
internal sealed class OutputAverages(long first)
{
    private const int MostModels = 256;
    private const int Weight = 8;

    private readonly ConcurrentDictionary<string, long> _averages = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What an answer of a model is expected to have; what the settings say until one has been seen.</summary>
    public long Of(string? model) => _averages.GetValueOrDefault(model ?? "", first);

    /// <summary>Learns from one answer: the newest counts an eighth.</summary>
    public void Learn(string? model, long tokens)
    {
        // Names come from requests: beyond the bound, models nobody has heard of stay at the default.
        if (_averages.Count < MostModels || _averages.ContainsKey(model ?? ""))
        {
            _averages.AddOrUpdate(model ?? "", static (_, t) => t, static (_, old, t) => old + ((t - old) / Weight), tokens);
        }
    }
}
