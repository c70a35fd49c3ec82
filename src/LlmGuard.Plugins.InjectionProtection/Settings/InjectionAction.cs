namespace LlmGuard.Plugins.InjectionProtection.Settings;

/// <summary>What a finding leads to; the setting <c>action</c>.</summary>
internal enum InjectionAction
{
    /// <summary>The call is refused.</summary>
    Block,

    /// <summary>What was found is taken out of the text.</summary>
    Sanitize,

    /// <summary>The finding is recorded.</summary>
    Flag,
}
