namespace LlmGuard.Plugins.ToxicityAzure.Settings;

/// <summary>What Azure is asked about.</summary>
[Flags]
internal enum ContentChecks
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Harm in texts: <c>text:analyze</c>.</summary>
    Text = 1,

    /// <summary>Harm in images: <c>image:analyze</c>.</summary>
    Images = 2,

    /// <summary>Attacks in prompts and documents: <c>text:shieldPrompt</c>.</summary>
    PromptShields = 4,

    /// <summary>Known texts in answers: <c>text:detectProtectedMaterial</c>.</summary>
    ProtectedMaterial = 8,
}
