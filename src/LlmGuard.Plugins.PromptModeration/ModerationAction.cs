namespace LlmGuard.Plugins.PromptModeration;

/// <summary>What a finding leads to; the setting <c>actions.type</c>.</summary>
internal enum ModerationAction
{
    /// <summary>The call is refused.</summary>
    Block,

    /// <summary>The found text is replaced.</summary>
    Mask,

    /// <summary>The finding is recorded.</summary>
    Flag,
}
