namespace LlmGuard.Plugins.TokenRateLimiter.Pricing;

/// <summary>The prices that the policy states. There are no built-in ones: they would be wrong sooner or later.</summary>
internal sealed class PriceTable(IReadOnlyList<ModelPrice> prices)
{
    private const double DearestToken = 1000;

    public bool IsEmpty => prices.Count == 0;

    /// <summary>The price of a model; null when the policy states none.</summary>
    public Price? Of(string? model) => ModelGlob.Best(prices, static p => p.Model, model ?? "")?.Price;

    /// <summary>Reads <c>prices</c>, in dollars per million tokens, and the original's <c>custom_pricing</c>, in dollars per token.</summary>
    /// <param name="settings">The settings of the entry.</param>
    /// <param name="countsCached">Whether tokens from the provider's cache are paid for.</param>
    /// <param name="countsReasoning">Whether tokens of reasoning are.</param>
    public static PriceTable Read(GuardrailSettings settings, bool countsCached, bool countsReasoning)
    {
        ModelPrice ReadOne(GuardrailSettings item, string model, double per)
        {
            var price = Read(item, model, per);
            item.RefuseIdle(!countsCached, "where no tokens from the cache are paid for", "cached_input");
            item.RefuseIdle(!countsReasoning, "where no tokens of reasoning are paid for", "reasoning");
            return price;
        }

        var prices = settings.List("prices", item => ReadOne(item, item.RequiredString("model"), 1_000_000));
        var names = settings.KeysOf("custom_pricing");
        var custom = settings.Map("custom_pricing", item => ReadOne(item.Object("value"), "", 1));
        settings.RefuseRepeated("prices", prices.Select(static p => p.Model), StringComparer.OrdinalIgnoreCase);

        // Of two prices of one model the first would count.
        settings.RefuseRepeated(
            "custom_pricing",
            [.. prices.Select(static p => p.Model).Distinct(StringComparer.OrdinalIgnoreCase), .. names],
            StringComparer.OrdinalIgnoreCase);
        return new PriceTable([.. prices, .. custom.Select((c, i) => c.Value with { Model = names[i] })]);
    }

    private static ModelPrice Read(GuardrailSettings item, string model, double per)
    {
        foreach (var key in (string[])["input", "output"])
        {
            if (!item.Has(key))
            {
                item.Problem(key, "is required: dollars");
            }
        }

        var input = Dollars(item, "input", 0, per);
        var output = Dollars(item, "output", 0, per);

        // A discount that is not stated is not given.
        var cached = Dollars(item, "cached_input", input, per);
        var reasoning = Dollars(item, "reasoning", output, per);
        return new ModelPrice(model, new Price(Price.OfToken(input), Price.OfToken(output), Price.OfToken(cached), Price.OfToken(reasoning)));
    }

    private static double Dollars(GuardrailSettings item, string key, double otherwise, double per)
    {
        var dollars = item.Number(key, 0, 0, DearestToken * per) / per;
        return item.Has(key) ? dollars : otherwise;
    }
}

/// <summary>The price of the models a pattern matches.</summary>
internal sealed record ModelPrice(string Model, Price Price);
