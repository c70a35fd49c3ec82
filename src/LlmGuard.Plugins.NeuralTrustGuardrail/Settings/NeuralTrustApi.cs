namespace LlmGuard.Plugins.NeuralTrustGuardrail.Settings;

/// <summary>The generations of NeuralTrust's interface.</summary>
internal enum NeuralTrustApi
{
    /// <summary><c>/v1/jailbreak</c>, <c>/v1/toxicity</c>, <c>/v1/prompt-moderation</c>: scores.</summary>
    Firewall,

    /// <summary><c>POST /v1/guard</c> as the SDK speaks it: a <c>status</c>.</summary>
    Guard,

    /// <summary><c>POST /v1/guard</c> as first documented: <c>is_flagged</c>.</summary>
    GuardLegacy,

    /// <summary><c>POST /v1/evaluate</c> of TrustGuard, with tokens of a collector.</summary>
    Evaluate,
}
