namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>What code does that makes it dangerous; a policy selects rules by it.</summary>
internal enum CodeGroup
{
    DynamicEvaluation,
    ProcessStart,
    Deserialisation,
    Network,
    FileSystem,
    DownloadAndRun,
    ReverseShell,
    Destruction,
    Credentials,
    Reflection,
    Memory,
    Markup,
    Database,
    WeakPractice,
}
