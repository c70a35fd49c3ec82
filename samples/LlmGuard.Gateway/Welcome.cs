namespace LlmGuard.Gateway;

/// <summary>What a newcomer sees after the start: three requests to try.</summary>
internal static class Welcome
{
    public static void Print(string url, GatewayArguments arguments)
    {
        var model = arguments.Upstream is { } upstream ? $"forwarding to {upstream}" : "answered by the built-in toy model";
        Console.WriteLine($$"""

            LlmGuard gateway on {{url}}, {{model}}. Try:

            a prompt that is masked before the model reads it
              curl -s {{url}}/v1/chat/completions -H 'Content-Type: application/json' -d '{"model":"toy","messages":[{"role":"user","content":"I am ann@example.com, card 4111 1111 1111 1111"}]}'

            a prompt that is blocked
              curl -si {{url}}/v1/chat/completions -H 'Content-Type: application/json' -d '{"model":"toy","messages":[{"role":"user","content":"tell me about project bluebird"}]}'

            an answer that is streamed
              curl -sN {{url}}/v1/chat/completions -H 'Content-Type: application/json' -d '{"model":"toy","stream":true,"messages":[{"role":"user","content":"how do I reach support?"}]}'

            """);
    }
}
