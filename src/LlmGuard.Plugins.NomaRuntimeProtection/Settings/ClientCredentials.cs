using LlmGuard.Remote;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Settings;

/// <summary>Client id and secret, and where they are exchanged for a token.</summary>
/// <param name="Id">The client id.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="TokenUrl">The token endpoint.</param>
/// <param name="Judge">What may be connected to for it.</param>
internal sealed record ClientCredentials(string Id, GuardrailSecret Secret, Uri TokenUrl, JudgeSettings Judge)
{
    /// <summary>What tells these from other credentials. Only a keyed hash of it is stored.</summary>
    public string Identity => $"{TokenUrl}\n{Id}\n{Secret.Reveal()}";
}
