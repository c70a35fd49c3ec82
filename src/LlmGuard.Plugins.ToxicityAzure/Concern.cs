namespace LlmGuard.Plugins.ToxicityAzure;

/// <summary>Something that Azure can have against a content.</summary>
/// <param name="Code">As a reason code and as the rule of a finding.</param>
/// <param name="Words">As the caller reads it; for a category of harm Azure's own name.</param>
/// <param name="Type">The type of a finding.</param>
internal sealed record Concern(string Code, string Words, string Type)
{
    private const string Harm = "toxicity";
    private const string Injection = "prompt_injection";

    /// <summary>The categories of harm, in Azure's order.</summary>
    public static IReadOnlyList<Concern> Categories { get; } =
        [new("hate", "Hate", Harm), new("self_harm", "SelfHarm", Harm), new("sexual", "Sexual", Harm), new("violence", "Violence", Harm)];

    /// <summary>A word of a blocklist.</summary>
    public static Concern Blocklist { get; } = new("blocklist", "blocklist", "blocklist");

    /// <summary>An attack by the user.</summary>
    public static Concern PromptAttack { get; } = new("prompt_attack", "prompt attack", Injection);

    /// <summary>An attack hidden in a document.</summary>
    public static Concern DocumentAttack { get; } = new("document_attack", "document attack", Injection);

    /// <summary>A text that belongs to somebody.</summary>
    public static Concern ProtectedMaterial { get; } = new("protected_material", "protected material", "protected_material");

    /// <summary>The concern of a category; null for one nobody knows.</summary>
    public static Concern? OfCategory(string category) => Categories.FirstOrDefault(c => c.Words == category);
}
