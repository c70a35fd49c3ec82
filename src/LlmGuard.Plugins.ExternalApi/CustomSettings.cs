using LlmGuard.Plugins.ExternalApi.Answers;
using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi;

/// <summary>What <c>"protocol": "custom"</c> adds: a body, conditions, masks. Immutable.</summary>
internal sealed record CustomSettings
{
    /// <summary>The keys that only this protocol has.</summary>
    public static ReadOnlySpan<string> Keys => (string[])["body", "field_maps", "conditions", "masks"];

    public required BodyTemplate Body { get; init; }

    /// <summary>Whether the policy says what the body is.</summary>
    public bool HasBody { get; init; }

    public required ConditionSet Conditions { get; init; }

    /// <summary>What in the answer is to be masked; null for nothing.</summary>
    public MaskReading? Masks { get; init; }

    /// <summary>How many texts the body, and reading the masks, takes at once.</summary>
    public TextUse Texts => Masks is { IsWholeText: true } ? TextUse.One : HasBody || _isPost ? Body.Texts : TextUse.None;

    private readonly bool _isPost;

    private CustomSettings(bool isPost) => _isPost = isPost;

    public static CustomSettings Read(GuardrailSettings settings, IReadOnlyList<FieldMap> maps, bool isCustom, MessageTemplate message)
    {
        var inBody = maps.Where(m => m.Place == FieldPlace.Body).ToArray();
        var template = settings.RawJson("body");
        if (template is not null && inBody.Length > 0)
        {
            settings.Problem("field_maps", "the body is made either of \"body\" or of field maps");
        }

        var conditions = ConditionSet.Read(settings, message);
        var masks = MaskReading.Read(settings);
        if (isCustom && conditions.IsEmpty && masks is null)
        {
            settings.Problem("conditions", "without conditions and masks the answer would never count");
        }

        if (masks is null && conditions.HasMask)
        {
            settings.Problem("masks", "a condition has \"action\": \"mask\", so \"masks\" must say what in the answer is to be masked");
        }

        return new CustomSettings(settings.String("method", "POST") != "GET")
        {
            Body = BodyTemplate.Read(settings, template, inBody),
            HasBody = template is not null || inBody.Length > 0,
            Conditions = conditions,
            Masks = masks,
        };
    }
}
