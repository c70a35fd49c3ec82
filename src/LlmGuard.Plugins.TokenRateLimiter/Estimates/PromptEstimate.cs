namespace LlmGuard.Plugins.TokenRateLimiter.Estimates;

/// <summary>How many tokens a prompt has before anybody has counted them.</summary>
internal static class PromptEstimate
{
    // Measured on recorded traffic; see the README. No tokenizer makes more tokens than bytes, few texts reach half of it.
    private const int BytesPerToken = 2;

    /// <summary>What a provider wraps around a conversation.</summary>
    private const int Frame = 64;

    /// <summary>The estimate.</summary>
    /// <param name="call">The call.</param>
    /// <param name="opaqueTokens">What an image, a file or a reference counts.</param>
    /// <param name="counter">Counts texts, or null.</param>
    public static long Of(GuardrailCall call, long opaqueTokens, ITokenCounter? counter)
    {
        var body = call.Body;
        if (!body.HasBody || body.TextBytes + body.OpaqueParts == 0)
        {
            return 0;
        }

        var text = (counter is null ? null : Counted(call, counter)) ?? (body.TextBytes + BytesPerToken - 1) / BytesPerToken;
        return text + Frame + (body.OpaqueParts * opaqueTokens);
    }

    private static long? Counted(GuardrailCall call, ITokenCounter counter)
    {
        var total = 0L;
        foreach (var segment in call.Content)
        {
            var text = segment.Utf8.Span;
            if (segment.Source != SegmentSource.Body || text.IsEmpty)
            {
                continue;
            }

            if (counter.CountTokens(call.Model, text) is not { } tokens)
            {
                return null;
            }

            total += Math.Clamp(tokens, 0, text.Length);
        }

        return total;
    }
}
