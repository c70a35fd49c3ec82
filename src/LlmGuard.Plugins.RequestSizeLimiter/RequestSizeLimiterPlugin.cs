namespace LlmGuard.Plugins.RequestSizeLimiter;

/// <summary>The plugin <c>request_size_limiter</c>.</summary>
internal sealed class RequestSizeLimiterPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("request_size_limiter")
    {
        DefaultPriority = 10,
        Needs = GuardrailNeeds.BodyMetrics,
        Streaming = GuardrailStreaming.None,
        RunsInline = true,
        MayBeUnavailable = false,
        DefaultStatusCode = 413,
        DefaultMessage = "The request is too large.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new RequestSizeEvaluator(SizeLimits.Read(settings));
}
