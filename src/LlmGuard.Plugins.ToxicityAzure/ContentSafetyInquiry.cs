using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityAzure;

/// <summary>One request to Azure AI Content Safety.</summary>
internal abstract class ContentSafetyInquiry(ContentSafetySettings settings) : JudgeInquiry
{
    protected ContentSafetySettings Settings => settings;

    public override bool IsAboutConfiguration(int status, ReadOnlySpan<byte> error) => ContentSafetyError.IsAboutConfiguration(error);

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        var concerns = new ConcernList(settings);
        var isComplete = Read(answer, concerns);
        return concerns.Conclude(isComplete);
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="concerns">Takes what the answer has against the content.</param>
    /// <returns>Whether it covers all that was asked, and holds nothing nobody knows.</returns>
    /// <exception cref="UnusableAnswerException">A member is missing or of another type.</exception>
    protected abstract bool Read(JudgeAnswer answer, ConcernList concerns);
}
