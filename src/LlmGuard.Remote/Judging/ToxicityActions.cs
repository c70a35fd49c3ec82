namespace LlmGuard.Remote.Judging;

/// <summary>What a judge of toxic content does about a score that is too high: the key <c>actions</c> of its settings.</summary>
/// <param name="Blocks">Whether the call is refused; else it is flagged.</param>
/// <param name="Message">What a refusal says.</param>
internal sealed record ToxicityActions(bool Blocks, MessageTemplate Message)
{
    public static ToxicityActions Read(GuardrailSettings settings)
    {
        var actions = settings.Object("actions");
        var blocks = actions.Choice(
            "type",
            true,
            KeyValuePair.Create("block", true),
            KeyValuePair.Create("flag", false),
            KeyValuePair.Create("reject", true));
        var message = MessageTemplate.Read(actions, "message");
        actions.RefuseIdle(!blocks, "when \"type\" is \"flag\"", "message");
        return new ToxicityActions(blocks, message);
    }
}
