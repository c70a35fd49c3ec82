using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using LlmGuard.Remote.Egress;
using LlmGuard.Remote.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGuard.Remote;

/// <summary>Adds the plugin of a remote judge.</summary>
internal static class RemoteJudgeBuilderExtensions
{
    /// <summary>How long connecting may take, TLS included.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // The clients stay; connections do not, so that a changed name is noticed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private const int MaxConnections = 256;

    /// <summary>
    /// Adds the plugin, its two HTTP clients (for public addresses, and for any) and what all judges share. Repeating it is harmless.
    /// </summary>
    /// <typeparam name="TPlugin">The plugin; takes a <see cref="JudgeRuntime"/>.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The plugin's identifier.</param>
    public static IAiGuardrailsBuilder AddRemoteJudge<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TPlugin>(
        this IAiGuardrailsBuilder builder,
        string name)
        where TPlugin : class, IGuardrailPlugin
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(s => s.ServiceType == typeof(IGuardrailPlugin) && s.ImplementationType == typeof(TPlugin)))
        {
            return builder;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.TryAddSingleton<JudgeLog>();
        services.TryAddSingleton(s => new JudgeGates(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<JudgeLog>()));
        services.TryAddSingleton(s => new JudgeTelemetry(s.GetService<IMeterFactory>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(s => new JudgeRuntime(
            s.GetRequiredService<IHttpClientFactory>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<JudgeGates>(),
            s.GetRequiredService<JudgeTelemetry>(),
            s.GetRequiredService<JudgeLog>()));
        AddClient(services, JudgeRuntime.ClientName(name, allowPrivate: false), isPublicOnly: true);
        AddClient(services, JudgeRuntime.ClientName(name, allowPrivate: true), isPublicOnly: false);
        return builder.AddPlugin<TPlugin>();
    }

    // The evaluation's deadline is the only timeout, requests have their own span, and the factory's loggers would write addresses.
    private static void AddClient(IServiceCollection services, string name, bool isPublicOnly) => services
        .AddHttpClient(name, static client => client.Timeout = Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers()
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            // Trace context and baggage of the application are none of a third party's business.
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            ConnectCallback = isPublicOnly ? EgressConnector.ConnectPublicAsync : null,
            MaxConnectionsPerServer = MaxConnections,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,

            // A proxy would connect in our place, past the rules on addresses.
            UseProxy = false,
        });
}
