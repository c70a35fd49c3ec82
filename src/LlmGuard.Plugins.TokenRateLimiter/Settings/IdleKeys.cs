namespace LlmGuard.Plugins.TokenRateLimiter.Settings;

/// <summary>Which settings mean nothing beside others: most are about budgets of tokens or dollars, and an entry may have none.</summary>
internal static class IdleKeys
{
    /// <summary>Refuses those that are given.</summary>
    /// <param name="s">The settings of the entry.</param>
    /// <param name="read">What was read of them.</param>
    public static void Refuse(GuardrailSettings s, TokenSettings read)
    {
        var isUnlimited = read.Budgets.Count == 0;
        s.RefuseIdle(isUnlimited, "without a budget", "by", "name", "trusted", "missing");
        if (read.Budgets.Any(static b => b.Kind == BudgetKind.Usage))
        {
            OfUsage(s, read);
        }
        else
        {
            s.RefuseIdle(
                true,
                "without a budget of tokens or dollars",
                "unit", "counting", "count_cache_reads", "unpriced_model", "tokens_per_request", "default_output_tokens", "opaque_tokens",
                "behavior_on_exceeded", "downgrade_to");
        }

        s.RefuseIdle(
            read.Budgets.All(static b => b.Kind == BudgetKind.Concurrency || b.Name == BudgetReader.BucketName),
            "without a window: a bucket and \"max_concurrent\" count in one way only",
            "algorithm");
        s.RefuseIdle(
            read.Unit == BudgetUnit.Tokens && !s.Has("cost_cap"),
            "unless \"unit\" is \"dollars\" or there is a \"cost_cap\"",
            "prices", "custom_pricing");
    }

    private static void OfUsage(GuardrailSettings s, TokenSettings read)
    {
        var isOutput = read.Counting == Counting.Output;
        s.RefuseIdle(isOutput, "when \"counting\" is \"output\"", "count_cache_reads", "opaque_tokens");
        s.RefuseIdle(read.Counting == Counting.Input, "when \"counting\" is \"input\"", "default_output_tokens");
        s.RefuseIdle(read.Unit == BudgetUnit.Dollars, "when \"unit\" is \"dollars\"", "tokens_per_request");
        s.RefuseIdle(read.Unit == BudgetUnit.Tokens, "unless \"unit\" is \"dollars\"", "unpriced_model");
        s.RefuseIdle(
            read.OnExceeded == ExceededBehavior.Downgrade && read.Unit == BudgetUnit.Tokens && read.Budgets.All(static b => b.Model is null),
            "on tokens that all models share: another model takes as many",
            "behavior_on_exceeded", "downgrade_to");
        s.RefuseIdle(read.MaxTokens < read.DefaultOutputTokens, "above \"max_tokens\", which no answer exceeds", "default_output_tokens");
    }
}
