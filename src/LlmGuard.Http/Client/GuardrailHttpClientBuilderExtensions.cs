using LlmGuard;
using LlmGuard.Execution.Background;
using LlmGuard.Http;
using LlmGuard.Http.Client;
using LlmGuard.Policy;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts guardrails under an <see cref="HttpClient"/>.</summary>
public static class GuardrailHttpClientBuilderExtensions
{
    /// <summary>Guards what this client sends and receives.</summary>
    /// <remarks>
    /// The guard becomes the outermost handler of the client, whenever it is added: everything the other handlers do (retries, authentication,
    /// logging) happens below it, on guarded content. Under a client that retries above its handlers, as SDKs do, each try is a call of its own.
    /// Adding it twice guards once.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Changes the options of this client, or null.</param>
    /// <returns>The client's builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHttpClientBuilder AddAiGuardrails(this IHttpClientBuilder builder, Action<GuardrailHttpClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddAiGuardrails();
        var options = new GuardrailHttpClientOptions();
        configure?.Invoke(options);
        var service = options.Service ?? builder.Name;
        return builder.ConfigureAdditionalHttpMessageHandlers((handlers, services) =>
        {
            if (!handlers.Any(static handler => handler is GuardrailHandler))
            {
                handlers.Insert(0, new GuardrailHandler(
                    services.GetRequiredService<IAiGuardrails>(),
                    services.GetRequiredService<IPolicyProvider>(),
                    services.GetRequiredService<HeldBytesBudget>(),
                    services.GetServices<IGuardrailCallerSource>(),
                    service,
                    options.ThrowOnBlock));
            }
        });
    }
}
