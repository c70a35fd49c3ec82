namespace LlmGuard.Plugins.TokenRateLimiter.Pricing;

/// <summary>What one token costs, in millionths of a micro-dollar: so prices down to 10^-12 dollars are exact.</summary>
internal readonly record struct Price(long Input, long Output, long CachedInput, long Reasoning)
{
    private const decimal PicoPerDollar = 1_000_000_000_000m;
    private const decimal PicoPerMicro = 1_000_000m;

    /// <summary>Reads dollars per token, as written in the policy.</summary>
    public static long OfToken(double dollars) => (long)Math.Round((decimal)dollars * PicoPerDollar);

    /// <summary>What so many tokens cost, in whole micro-dollars, rounded up.</summary>
    public long MicroDollars(in TokenCount tokens)
    {
        var cached = Math.Min(tokens.CachedInput, tokens.Input);
        var reasoning = Math.Min(tokens.Reasoning, tokens.Output);
        var pico = ((decimal)(tokens.Input - cached) * Input) + ((decimal)cached * CachedInput)
            + ((decimal)(tokens.Output - reasoning) * Output) + ((decimal)reasoning * Reasoning);
        return (long)Math.Min(Counters.CounterLimit.MaxValue, Math.Ceiling(pico / PicoPerMicro));
    }
}

/// <summary>Tokens of a call, estimated or reported. Cached input is part of the input, reasoning part of the output.</summary>
internal readonly record struct TokenCount(long Input, long Output, long CachedInput = 0, long Reasoning = 0);
