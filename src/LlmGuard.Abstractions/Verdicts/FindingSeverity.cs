namespace LlmGuard;

/// <summary>How grave a finding is, as the plugin sees it, from mild to severe. Recorded with the finding; it decides nothing by itself.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Harmless by itself.</summary>
    Low,

    /// <summary>Dangerous in some places.</summary>
    Medium,

    /// <summary>Dangerous in most places.</summary>
    High,

    /// <summary>An attack, or a loss that cannot be taken back.</summary>
    Critical,
}
