using LlmGuard;
using LlmGuard.AspNetCore;
using LlmGuard.AspNetCore.Endpoints;
using LlmGuard.AspNetCore.Identity;
using LlmGuard.AspNetCore.Refusals;
using LlmGuard.AspNetCore.Responses;
using LlmGuard.Execution.Background;
using LlmGuard.Policy;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Guards the requests an application answers.</summary>
public static class AiGuardrailsApplicationBuilderExtensions
{
    /// <summary>Guards every request that comes this far, and its response, as the policy says.</summary>
    /// <param name="app">The application, or a branch of it.</param>
    /// <returns>The same.</returns>
    /// <remarks>
    /// <para>Place it after routing, authentication and authorization; inside exception handling, status code pages, CORS, response compression
    /// and output caching; before request decompression, antiforgery and anything else that reads the body.</para>
    /// <para>The start fails when <c>services.AddAiGuardrails()</c> was not called, when there is no valid policy, when endpoint metadata names
    /// a service the policy lacks, and when the policy has consumers or groups and nothing identifies callers.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><c>services.AddAiGuardrails()</c> was not called.</exception>
    public static IApplicationBuilder UseAiGuardrails(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<IServiceProviderIsService>() is { } known && !known.IsService(typeof(IAiGuardrails)))
        {
            throw new InvalidOperationException("The guardrails are not registered. Call services.AddAiGuardrails() first.");
        }

        return app.Use(next => Create(app.ApplicationServices, next).InvokeAsync);
    }

    /// <summary>Runs when the pipeline is built, which is while the host starts: every endpoint is mapped and the policy is loaded.</summary>
    private static GuardrailMiddleware Create(IServiceProvider services, AspNetCore.Http.RequestDelegate next)
    {
        var policy = services.GetRequiredService<IPolicyProvider>();
        using (var lease = policy.Acquire())
        {
            if (lease.Document is { } document)
            {
                EndpointServices.ThrowIfUnknown(services.GetService<EndpointDataSource>(), document);
            }
        }

        var callers = new CallerIdentification(policy, services);
        callers.ThrowIfNoSource();
        var refusals = new RefusalAnswer(services.GetService<IGuardrailRefusalWriter>() ?? new DialectRefusalWriter());
        return new GuardrailMiddleware(
            next,
            services.GetRequiredService<IAiGuardrails>(),
            policy,
            services.GetRequiredService<HeldBytesBudget>(),
            callers,
            refusals,
            new ResponseStage(refusals, services.GetRequiredService<ILogger<ResponseStage>>()));
    }
}
