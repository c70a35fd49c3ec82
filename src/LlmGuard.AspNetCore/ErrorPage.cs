using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore;

/// <summary>Tells a pipeline that is executed again for an error page.</summary>
internal static class ErrorPage
{
    public static bool IsExecuted(HttpContext context) =>
        context.Features.Find<IExceptionHandlerFeature>() is not null || context.Features.Find<IStatusCodeReExecuteFeature>() is not null;
}
