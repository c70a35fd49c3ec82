using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi;

/// <summary>One request to the service, in either protocol.</summary>
internal abstract class ExternalInquiry : JudgeInquiry
{
    protected ExternalInquiry(ExternalApiSettings settings, Question question)
    {
        Settings = settings;
        Question = question;
        settings.Target.CheckHeaders(question);
        Address = settings.Target.AddressFor(question);
    }

    public override Uri Address { get; }

    public override HttpMethod Method => Settings.Target.Method;

    protected ExternalApiSettings Settings { get; }

    protected Question Question { get; }

    public override void AddHeaders(HttpRequestMessage request) => Settings.Target.AddHeaders(request, Question);

    public override bool IsAnswer(int status) => Settings.Statuses.IsAnswer(status);

    public override GuardrailVerdict? ReadStatus(int status) => Settings.Statuses.VerdictOf(status, Settings.Message);
}
