namespace LlmGuard.Plugins.CodeSanitation;

/// <summary>What a finding leads to.</summary>
internal enum CodeAction
{
    /// <summary>The call is refused.</summary>
    Block,

    /// <summary>The code is replaced.</summary>
    Sanitize,

    /// <summary>The finding is recorded.</summary>
    Flag,
}
