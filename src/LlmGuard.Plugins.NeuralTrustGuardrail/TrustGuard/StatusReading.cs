using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary>What TrustGuard decided.</summary>
internal enum TrustGuardStatus
{
    Pass,
    Report,
    Transform,
    Block,
}

/// <summary>Reads <c>status</c>.</summary>
internal static class StatusReading
{
    /// <exception cref="UnusableAnswerException">It is missing, no text, or none of the known words. The empty one says that nothing was
    /// found.</exception>
    public static TrustGuardStatus Read(JsonElement root) => root.Required("status").Text() switch
    {
        "" or "allow" => TrustGuardStatus.Pass,
        "report" => TrustGuardStatus.Report,
        "transform" => TrustGuardStatus.Transform,
        "block" => TrustGuardStatus.Block,
        _ => throw new UnusableAnswerException(),
    };
}
