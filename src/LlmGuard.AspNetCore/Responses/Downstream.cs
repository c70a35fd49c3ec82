using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Marks the asynchronous flow of the rest of the pipeline.</summary>
/// <remarks>
/// When post_request blocks, the refusal is written while the rest of the pipeline may still be running. Components outside of the guardrails
/// (compression) then write the real headers, and the rest of the pipeline must not: both use the same HttpContext, and the flow tells them apart.
/// </remarks>
internal static class Downstream
{
    private static readonly AsyncLocal<bool> Inside = new();

    public static bool IsInside => Inside.Value;

    // To be awaited once: what it is kept by while it waits is used again.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask RunAsync(RequestDelegate next, HttpContext context)
    {
        Inside.Value = true;
        await next(context).ConfigureAwait(false);
    }
}
