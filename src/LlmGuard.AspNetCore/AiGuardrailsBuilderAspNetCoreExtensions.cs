using LlmGuard;
using LlmGuard.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Ties guardrails of other seams to the current request.</summary>
public static class AiGuardrailsBuilderAspNetCoreExtensions
{
    /// <summary>
    /// Makes the calls of guarded clients for the caller of the current request. Only needed where requests do not pass
    /// <c>app.UseAiGuardrails()</c>, which does the same for everything behind it.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Calling it again is harmless. A caller set on the message or with <see cref="GuardrailCaller.Use"/> goes first.</remarks>
    public static IAiGuardrailsBuilder AddHttpContextCaller(this IAiGuardrailsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHttpContextAccessor();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IGuardrailCallerSource, HttpContextCallerSource>());
        return builder;
    }
}
