using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.BedrockGuardrail.Checks;

/// <summary>Which questions a content makes when checks are made without a guardrail: every text a message with its role, as many as fit.</summary>
internal sealed class ChecksJudge(BedrockSettings settings, CheckSettings checks) : IRemoteJudge
{
    /// <summary>Most messages of one request.</summary>
    public const int MaxMessages = 64;

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call)
    {
        var batches = Passages.Batches(Passages.Each(call.Content, settings.Window), settings.Window.Unit, settings.Window.Max, MaxMessages);
        var inquiries = new List<JudgeInquiry>(batches.Count);
        foreach (var batch in batches)
        {
            inquiries.Add(new ChecksInquiry(settings, checks, call, batch));
        }

        return inquiries;
    }
}
