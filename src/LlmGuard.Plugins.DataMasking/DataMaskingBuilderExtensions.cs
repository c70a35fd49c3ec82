using LlmGuard;
using LlmGuard.Plugins.DataMasking;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>data_masking</c> plugin.</summary>
public static class DataMaskingBuilderExtensions
{
    /// <summary>
    /// Adds <c>data_masking</c>: finds personal data and secrets and masks exactly the matched spans. Calling it twice is harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddDataMasking(this IAiGuardrailsBuilder builder) => builder.AddPlugin<DataMaskingPlugin>();
}
