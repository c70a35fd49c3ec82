using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlmGuard.Execution.Background;

/// <summary>Lets a stopping host wait for monitoring and post_response work, and for the sinks of content.</summary>
internal sealed class BackgroundDrain(ExecutionServices services, IOptions<AiGuardrailsOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var patience = options.Value.MonitorDrainTimeout;
        var started = services.Time.GetTimestamp();
        await services.Monitors.DrainAsync(patience, services.Time, cancellationToken).ConfigureAwait(false);

        // Monitoring work that ends starts post_response work, and that hands out copies: one after the other, each with what time is left.
        await services.PostResponses.DrainAsync(Left(), services.Time, cancellationToken).ConfigureAwait(false);
        await services.Contents.DrainAsync(Left(), services.Time, cancellationToken).ConfigureAwait(false);

        TimeSpan Left()
        {
            var left = patience - services.Time.GetElapsedTime(started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
