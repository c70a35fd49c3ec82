using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks its client for responses as experimental; it is the one there is.

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>The official .NET clients of OpenAI as an application makes them, over the guarded client where there is one.</summary>
internal static class OpenAiClients
{
    /// <summary>The schema of the tool that scenes call.</summary>
    public static readonly BinaryData Schema = BinaryData.FromString(
        """{"type":"object","properties":{"to":{"type":"string"},"body":{"type":"string"}},"required":["to","body"],"additionalProperties":false}""");

    public static ApiKeyCredential Key { get; } = new("key");

    public static OpenAIClientOptions Options(GuardedModel guard, HttpClient? client, TimeSpan patience) =>
        Prepare(new OpenAIClientOptions { Endpoint = new Uri(guard.Url, "/v1") }, client, patience);

    public static ResponsesClientOptions ResponsesOptions(GuardedModel guard, HttpClient? client, TimeSpan patience) =>
        Prepare(new ResponsesClientOptions { Endpoint = new Uri(guard.Url, "/v1") }, client, patience);

    /// <summary>Checks the exception that every client of the SDK raises.</summary>
    public static void AssertRaised(Exception thrown, int status)
    {
        Assert.That(thrown, Is.TypeOf<ClientResultException>());
        if (thrown is ClientResultException result)
        {
            Assert.That(result.Status, Is.EqualTo(status), thrown.ToString());
            Assert.That(result.GetRawResponse()!.Headers.TryGetValue("Retry-After", out _), Is.EqualTo(status == 429), "Retry-After of " + status);
        }
    }

    private static T Prepare<T>(T options, HttpClient? client, TimeSpan patience)
        where T : ClientPipelineOptions
    {
        options.RetryPolicy = new ClientRetryPolicy(0);
        options.NetworkTimeout = patience;
        if (client is not null)
        {
            options.Transport = new HttpClientPipelineTransport(client);
        }

        return options;
    }
}
