using LlmGuard;
using LlmGuard.Execution.Background;
using LlmGuard.Http;
using LlmGuard.Http.Client;
using LlmGuard.Policy;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts guardrails under an <see cref="HttpClient"/>.</summary>
public static class GuardrailHttpClientBuilderExtensions
{
    /// <summary>Guards what this client sends and receives.</summary>
    /// <remarks>
    /// The guard becomes the outermost handler of the client, whenever it is added: everything the other handlers do (retries, authentication,
    /// logging) happens below it, on guarded content. Under a client that retries above its handlers, as SDKs do, each try is a call of its own.
    /// Adding it twice guards once, under what both have configured. Added by <c>ConfigureHttpClientDefaults</c>, it guards every client of the
    /// factory, each as the service of its own name.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Changes the options of this client, or null.</param>
    /// <returns>The client's builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddAiGuardrails(this IHttpClientBuilder builder, Action<GuardrailHttpClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddAiGuardrails();
        if (configure is not null)
        {
            builder.Services.Configure(builder.Name, configure);
        }

        // By the name of the client that is made: the builder of ConfigureHttpClientDefaults(...) has none.
        builder.Services.Configure<HttpClientFactoryOptions>(builder.Name, static options => options.HttpMessageHandlerBuilderActions.Add(Guard));
        return builder;
    }

    private static void Guard(HttpMessageHandlerBuilder client)
    {
        if (client.AdditionalHandlers.Any(static handler => handler is GuardrailHandler))
        {
            return;
        }

        var services = client.Services;
        var policy = services.GetRequiredService<IPolicyProvider>();
        var options = services.GetRequiredService<IOptionsMonitor<GuardrailHttpClientOptions>>().Get(client.Name);
        if (options.Service is { } service)
        {
            ThrowIfUnknown(service, client.Name, policy);
        }

        client.AdditionalHandlers.Insert(0, new GuardrailHandler(
            services.GetRequiredService<IAiGuardrails>(),
            policy,
            services.GetRequiredService<HeldBytesBudget>(),
            services.GetServices<IGuardrailCallerSource>(),
            options.Service ?? client.Name ?? "",
            options.ThrowOnBlock));
    }

    /// <summary>A service that is asked for by name has entries; under a name that the policy lacks they would be missed without a word.</summary>
    private static void ThrowIfUnknown(string service, string? client, IPolicyProvider policy)
    {
        using var lease = policy.Acquire();
        if (lease.Document is { } document && !document.Services.Any(known => known.Name == service))
        {
            throw new InvalidOperationException(
                $"The client \"{client}\" names the service \"{service}\", which the policy lacks. Add it to \"services\".");
        }
    }
}
