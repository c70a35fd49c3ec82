using LlmGuard.Remote.Transport;

namespace LlmGuard.Remote;

/// <summary>What judges need of the application: clients, clock, breakers, telemetry. A thread-safe singleton.</summary>
/// <param name="clients">Makes the clients.</param>
/// <param name="time">The clock.</param>
/// <param name="gates">Breakers and bulkheads.</param>
/// <param name="telemetry">Traces and metrics.</param>
/// <param name="log">The log.</param>
internal sealed class JudgeRuntime(IHttpClientFactory clients, TimeProvider time, JudgeGates gates, JudgeTelemetry telemetry, JudgeLog log)
{
    public TimeProvider Time => time;

    public JudgeGates Gates => gates;

    public JudgeTelemetry Telemetry => telemetry;

    public JudgeLog Log => log;

    /// <summary>The name of the client of a judge.</summary>
    /// <param name="plugin">The judge's plugin.</param>
    /// <param name="allowPrivate">Whether it may connect to addresses that are not public.</param>
    public static string ClientName(string plugin, bool allowPrivate) => allowPrivate ? $"LlmGuard.{plugin}.private" : $"LlmGuard.{plugin}";

    public HttpClient ClientFor(JudgeSettings settings) => clients.CreateClient(settings.ClientName);
}
