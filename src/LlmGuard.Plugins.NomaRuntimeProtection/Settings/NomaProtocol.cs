namespace LlmGuard.Plugins.NomaRuntimeProtection.Settings;

/// <summary>The ways to ask Noma. They differ in request, answer and even in what <c>true</c> means.</summary>
internal enum NomaProtocol
{
    /// <summary><c>POST /ai-dr/v2/prompt/scan</c>: a conversation; <c>aggregatedScanResult: true</c> is unsafe.</summary>
    Scan,

    /// <summary><c>POST /ai-dr/v1/prompt/scan/aggregate</c>: one text; <c>verdict: true</c> is safe.</summary>
    Aggregate,

    /// <summary><c>POST /litellm/guardrail</c>: texts and images; an <c>action</c>.</summary>
    Guardrail,
}
