using LlmGuard.Plugins.TokenRateLimiter.Pricing;

namespace LlmGuard.Plugins.TokenRateLimiter.Settings;

/// <summary>The dearest models that may be called: a question of price alone, of no counter.</summary>
internal sealed record CostCap
{
    public bool IsEnabled { get; init; }

    /// <summary>Most dollars for a thousand tokens of input; null for no limit.</summary>
    public double? Input { get; init; }

    /// <summary>Most dollars for a thousand tokens of output; null for no limit.</summary>
    public double? Output { get; init; }

    public IReadOnlyList<CapOverride> Overrides { get; init; } = [];

    public bool PassesUnknown { get; init; }

    public ExceededBehavior OnViolation { get; init; }

    public string? DowngradeTo { get; init; }

    public static CostCap Read(GuardrailSettings settings)
    {
        var s = settings.Object("cost_cap");
        var names = s.KeysOf("per_model_overrides");
        var cap = new CostCap
        {
            IsEnabled = s.Boolean("enabled", settings.Has("cost_cap")),
            Input = Dollars(s, "max_input_cost_per_1k_tokens"),
            Output = Dollars(s, "max_output_cost_per_1k_tokens"),
            Overrides =
                [.. s.Map("per_model_overrides", static item => Override(item.Object("value"))).Select((o, i) => o.Value with { Model = names[i] })],
            OnViolation = TokenSettings.Behavior(s, "behavior_on_violation", "downgrade"),
            DowngradeTo = s.OptionalString("downgrade_to"),
            PassesUnknown = s.Choice(
                "unknown_model",
                false,
                KeyValuePair.Create("reject", false),
                KeyValuePair.Create("pass_through", true),
                KeyValuePair.Create("assume_max", false)),
        };
        s.RefuseRepeated("per_model_overrides", names, StringComparer.OrdinalIgnoreCase);
        if (cap.IsEnabled && cap.Input is null && cap.Output is null && cap.Overrides.Count == 0)
        {
            settings.Problem("cost_cap", "caps nothing: give max_input_cost_per_1k_tokens, max_output_cost_per_1k_tokens or per_model_overrides");
        }

        if (cap.OnViolation == ExceededBehavior.Downgrade != !string.IsNullOrEmpty(cap.DowngradeTo))
        {
            s.Problem("downgrade_to", "goes with behavior_on_violation \"downgrade\": give both or none");
        }

        return cap;
    }

    /// <summary>Whether a model may be called.</summary>
    public bool Allows(string? model, PriceTable prices)
    {
        if (!IsEnabled)
        {
            return true;
        }

        if (prices.Of(model) is not { } price)
        {
            return PassesUnknown;
        }

        var own = ModelGlob.Best(Overrides, static o => o.Model, model ?? "");
        return Fits(price.Input, own?.Input ?? Input) && Fits(price.Output, own?.Output ?? Output);
    }

    private static bool Fits(long picoPerToken, double? perThousand) => perThousand is not { } most || picoPerToken <= Price.OfToken(most / 1000);

    private static CapOverride Override(GuardrailSettings s)
    {
        var other = new CapOverride("", Dollars(s, "max_input_cost_per_1k_tokens"), Dollars(s, "max_output_cost_per_1k_tokens"));
        if (other.Input is null && other.Output is null)
        {
            s.Problem(null, "overrides nothing: expected max_input_cost_per_1k_tokens or max_output_cost_per_1k_tokens");
        }

        return other;
    }

    private static double? Dollars(GuardrailSettings s, string key)
    {
        var dollars = s.Number(key, 0, 0, 1_000_000);
        return s.Has(key) ? dollars : null;
    }
}

/// <summary>Other caps for the models a pattern matches; null where the general one applies.</summary>
internal sealed record CapOverride(string Model, double? Input, double? Output);
