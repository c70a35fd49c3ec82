namespace LlmGuard.Http.Dialects;

/// <summary>Puts together what several events or bodies report about one call.</summary>
internal static class UsageReports
{
    /// <summary>Figures are running totals: a later one replaces an earlier one, and what only one of them tells stays.</summary>
    public static TokenUsage? Join(TokenUsage? earlier, TokenUsage? later)
    {
        if (earlier is null || later is null)
        {
            return later ?? earlier;
        }

        var input = later.Input ?? earlier.Input;
        var output = later.Output ?? earlier.Output;
        return new TokenUsage(
            input,
            output,
            later.Total is not null && later.Input is not null ? later.Total : input + output ?? later.Total ?? earlier.Total,
            later.CachedInput ?? earlier.CachedInput,
            later.Reasoning ?? earlier.Reasoning);
    }
}
