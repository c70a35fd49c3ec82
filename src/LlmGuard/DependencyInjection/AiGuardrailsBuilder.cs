using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard;

/// <summary>The builder that <c>AddAiGuardrails</c> returns.</summary>
internal sealed class AiGuardrailsBuilder(IServiceCollection services) : IAiGuardrailsBuilder
{
    public IServiceCollection Services => services;
}
