using LlmGuard;
using LlmGuard.Counters;
using LlmGuard.Redis;
using LlmGuard.Redis.Client;
using LlmGuard.Redis.Counters;
using LlmGuard.Redis.Masking;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the limiters of several machines count together, and each restore what another one masked.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>
    /// Keeps the counters of <c>rate_limiter</c> and <c>token_rate_limiter</c> and the vaults of reversible masking on Redis, through the package's
    /// own client. The connection is made when it is first needed. While Redis is away the limiters' <c>on_error</c> decides, and a call restores
    /// what it masked itself.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <param name="endpoint">The server as <c>host:port</c>.</param>
    /// <param name="configure">Sets other options; null for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="endpoint"/> is null.</exception>
    /// <remarks>Options out of range stop the start with <see cref="OptionsValidationException"/>.</remarks>
    public static IAiGuardrailsBuilder AddRedis(this IAiGuardrailsBuilder builder, string endpoint, Action<RedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        AddStore(builder, options =>
        {
            options.Endpoint = endpoint;
            configure?.Invoke(options);
        });
        builder.Services.TryAddSingleton(s => new RedisClient(s.GetRequiredService<IOptions<RedisOptions>>(), s.GetRequiredService<TimeProvider>()));
        builder.Services.Replace(ServiceDescriptor.Singleton<IRedisScriptRunner>(static s => s.GetRequiredService<RedisClient>()));
        return builder;
    }

    /// <summary>The same through a client that the application has already.</summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <param name="client">Makes, or finds among the services, what runs scripts.</param>
    /// <param name="configure">
    /// Sets other options; null for the defaults. Where the server is and how to connect is the client's business: those options have no effect here.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="client"/> is null.</exception>
    public static IAiGuardrailsBuilder AddRedis(
        this IAiGuardrailsBuilder builder,
        Func<IServiceProvider, IRedisScriptRunner> client,
        Action<RedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        AddStore(builder, configure);
        builder.Services.Replace(ServiceDescriptor.Singleton<IRedisScriptRunner>(s => new BoundedScriptRunner(
            client(s), s.GetRequiredService<IOptions<RedisOptions>>().Value.CommandTimeout, s.GetRequiredService<TimeProvider>())));
        return builder;
    }

    private static void AddStore(IAiGuardrailsBuilder builder, Action<RedisOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<RedisOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        services.TryAddSingleton(s => new RedisCounterStore(
            s.GetRequiredService<IRedisScriptRunner>(), s.GetRequiredService<IOptions<RedisOptions>>().Value.KeyPrefix));
        services.Replace(ServiceDescriptor.Singleton<ICounterStore>(static s =>
        {
            var store = s.GetRequiredService<RedisCounterStore>();
            var redis = s.GetRequiredService<IOptions<RedisOptions>>().Value;
            return redis.LeaseRequests == 1 ? store : new LeasingCounterStore(store, redis, s.GetRequiredService<TimeProvider>());
        }));
        services.Replace(ServiceDescriptor.Singleton<IMaskVaultStore>(static s =>
            new RedisMaskVaultStore(s.GetRequiredService<IRedisScriptRunner>(), s.GetRequiredService<IOptions<RedisOptions>>().Value.KeyPrefix)));
    }
}
