using System.Text.Json;
using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi;

/// <summary>A request made of a template, its answer judged by conditions.</summary>
internal sealed class CustomInquiry(ExternalApiSettings settings, CustomSettings custom, Question question) : ExternalInquiry(settings, question)
{
    public override void WriteBody(Utf8JsonWriter body)
    {
        if (Method != HttpMethod.Get)
        {
            custom.Body.Write(body, Question);
        }
    }

    public override GuardrailVerdict Read(JudgeAnswer answer) => custom.Conditions.Judge(answer, Question, custom.Masks);
}
