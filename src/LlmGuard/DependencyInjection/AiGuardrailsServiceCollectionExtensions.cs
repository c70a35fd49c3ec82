using System.Diagnostics.Metrics;
using LlmGuard;
using LlmGuard.Execution;
using LlmGuard.Explain;
using LlmGuard.Policy;
using LlmGuard.Policy.Revisions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds AI guardrails to an application.</summary>
public static class AiGuardrailsServiceCollectionExtensions
{
    /// <summary>Adds the guardrails; their policy comes from the options, or from the configuration section they name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options, or null.</param>
    /// <returns>A builder to add plugins with.</returns>
    /// <remarks>
    /// Calling it again is safe and adds nothing but <paramref name="configure"/>. A host without a valid policy does not start: it fails with
    /// <see cref="GuardrailPolicyException"/>. Without a host, the first use loads the policy.
    /// </remarks>
    public static IAiGuardrailsBuilder AddAiGuardrails(this IServiceCollection services, Action<AiGuardrailsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.All(service => service.ServiceType != typeof(PolicyProvider)))
        {
            services.AddSingleton<IValidateOptions<AiGuardrailsOptions>, AiGuardrailsOptionsValidator>();
            services.AddOptions<AiGuardrailsOptions>().ValidateOnStart();
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        RegisterPolicy(services);
        services.AddGuardrailExecution();
        return new AiGuardrailsBuilder(services);
    }

    /// <summary>Adds the guardrails with the policy of a configuration section.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">
    /// Holds the policy, or <c>PolicyFile</c> (a text or a list) with the files it is in. A later call with a section wins.
    /// </param>
    /// <param name="configure">Changes the options, or null.</param>
    /// <returns>A builder to add plugins with.</returns>
    /// <remarks>
    /// As without a section. That no list item is put together from two configuration providers is checked when the section belongs to the
    /// <see cref="IConfiguration"/> of the application, and cannot be otherwise.
    /// </remarks>
    public static IAiGuardrailsBuilder AddAiGuardrails(
        this IServiceCollection services,
        IConfigurationSection section,
        Action<AiGuardrailsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddAiGuardrails(options =>
        {
            options.Section = section;
            configure?.Invoke(options);
        });
    }

    private static void RegisterPolicy(IServiceCollection services)
    {
        services.TryAddSingleton<PolicyTableFactory>(PolicyTable.Build);
        services.TryAddSingleton(provider => new PolicyMetrics(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton(provider => new PolicyLocator(
            provider.GetRequiredService<IOptions<AiGuardrailsOptions>>(),
            provider.GetService<IConfiguration>(),
            provider.GetService<IHostEnvironment>()));
        services.TryAddSingleton(provider => new PolicyProvider(
            provider.GetServices<IGuardrailPlugin>(),
            provider.GetRequiredService<IOptions<AiGuardrailsOptions>>(),
            provider.GetRequiredService<PolicyLocator>(),
            provider.GetRequiredService<PolicyTableFactory>(),
            provider.GetRequiredService<PolicyMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<PolicyProvider>(),
            provider.GetService<IConfiguration>()));
        services.TryAddSingleton<IPolicyProvider>(provider => provider.GetRequiredService<PolicyProvider>());
        services.TryAddSingleton<IScopeTableSource>(provider => provider.GetRequiredService<PolicyProvider>());
        services.TryAddSingleton<IGuardrailPolicyExplainer>(provider =>
            new GuardrailPolicyExplainer(provider.GetRequiredService<IScopeTableSource>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PolicyStart>());
    }
}
