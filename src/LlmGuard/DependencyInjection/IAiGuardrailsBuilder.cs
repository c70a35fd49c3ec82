using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard;

/// <summary>Adds plugins and options to the guardrails of an application.</summary>
public interface IAiGuardrailsBuilder
{
    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
