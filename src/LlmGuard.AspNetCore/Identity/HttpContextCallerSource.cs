using LlmGuard.Policy;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Identity;

/// <summary>Tells outgoing calls for which request, and so for whom, they are made.</summary>
internal sealed class HttpContextCallerSource(IHttpContextAccessor accessor, IPolicyProvider policy) : IGuardrailCallerSource
{
    public GuardrailCaller? GetCaller()
    {
        if (accessor.HttpContext is not { } context)
        {
            return null;
        }

        using var lease = policy.Acquire();
        return lease.Document is { } document ? CallerIdentification.Resolve(context, document.Identity) : null;
    }
}
