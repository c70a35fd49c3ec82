using System.Diagnostics.CodeAnalysis;
using LlmGuard;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds plugins.</summary>
public static class AiGuardrailsBuilderExtensions
{
    /// <summary>Adds a plugin as a singleton. Adding the same type twice is harmless; two types with one identifier stop the start.</summary>
    /// <typeparam name="TPlugin">The plugin; its dependencies come from the services.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IAiGuardrailsBuilder AddPlugin<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TPlugin>(
        this IAiGuardrailsBuilder builder)
        where TPlugin : class, IGuardrailPlugin
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IGuardrailPlugin, TPlugin>());
        return builder;
    }
}
