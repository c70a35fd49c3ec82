using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlmGuard.Execution;

/// <summary>Lets a stopping host wait for monitoring and post_response work.</summary>
internal sealed class BackgroundDrain(ExecutionServices services, IOptions<AiGuardrailsOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var patience = options.Value.MonitorDrainTimeout;
        var started = services.Time.GetTimestamp();
        await services.Monitors.DrainAsync(patience, services.Time, cancellationToken).ConfigureAwait(false);

        // Monitoring work that ends starts post_response work, so that queue is drained second, with what time is left.
        var left = patience - services.Time.GetElapsedTime(started);
        await services.PostResponses.DrainAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, services.Time, cancellationToken).ConfigureAwait(false);
    }
}
