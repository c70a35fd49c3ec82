using LlmGuard.Planning;

namespace LlmGuard.Http.Json;

/// <summary>How a JSON text is read.</summary>
internal sealed record JsonReadOptions
{
    public required JsonDirection Direction { get; init; }

    /// <summary>The dialect whose places are known, or null: then every string, key and number is walked as unknown.</summary>
    public string? Dialect { get; init; }

    public PlanLimits Limits { get; init; } = PlanLimits.Default;

    /// <summary>
    /// What the events of one stream share, so that a text cut over several events is read as one; null outside streams. One instance per
    /// stream, given to every event in order.
    /// </summary>
    public JsonStreamState? Stream { get; init; }
}
