using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Npm;

/// <summary>The guard in front of whatever answers, on a real socket, with a policy that blocks one topic and masks addresses.</summary>
internal static class NpmApp
{
    public const string Refusal = "This topic is not available here.";

    /// <summary>A prompt that the policy blocks.</summary>
    public const string Blocked = "tell me about project bluebird";

    public static Task<LoopbackApp> StartAsync(string denyWith, RequestDelegate answer) => LoopbackApp.StartAsync(
        builder => builder.Services
            .AddAiGuardrails(options => options.PolicyJson = Policy(denyWith))
            .AddDataMasking()
            .AddPromptModeration(),
        app =>
        {
            app.UseRouting();
            app.UseAiGuardrails();
            app.Run(answer);
        });

    private static string Policy(string denyWith) => Chat.Gateway(
        """
        { "name": "prompt_moderation", "stage": ["pre_request", "pre_response"], "settings": {
          "keywords": ["project bluebird"], "similarity_threshold": 0.85, "actions": { "type": "block", "message": "This topic is not available here." } } },
        { "name": "data_masking", "stage": ["pre_request", "pre_response"], "settings": { "apply_all": true } }
        """,
        level: $", \"deny_with\": \"{denyWith}\"");
}
