#!/usr/bin/env dotnet
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:project ../../src/LlmGuard.AspNetCore/LlmGuard.AspNetCore.csproj
#:project ../../src/LlmGuard.Plugins.DataMasking/LlmGuard.Plugins.DataMasking.csproj
#:project ../../src/LlmGuard.Plugins.InjectionProtection/LlmGuard.Plugins.InjectionProtection.csproj
#:project ../../src/LlmGuard.Plugins.CodeSanitation/LlmGuard.Plugins.CodeSanitation.csproj
#:project ../../src/LlmGuard.Plugins.PromptModeration/LlmGuard.Plugins.PromptModeration.csproj

// A forwarder that reads a request, sends it on and writes the answer. With a policy it is the same program guarded: what that costs is what the
// guard costs.
var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.ClearProviders();
if (args is [_, var policy])
{
    builder.Services.AddAiGuardrails(options => options.PolicyFiles.Add(policy))
        .AddDataMasking().AddInjectionProtection().AddCodeSanitation().AddPromptModeration();
}

var app = builder.Build();
if (args.Length > 1)
{
    app.UseAiGuardrails();
}

var upstream = new Uri(args[0]);
using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
app.Run(async context =>
{
    var body = new byte[(int)context.Request.ContentLength!.Value];
    await context.Request.Body.ReadExactlyAsync(body);
    using var content = new ByteArrayContent(body);
    content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
    using var answer = await client.PostAsync(new Uri(upstream, context.Request.Path), content);
    var bytes = await answer.Content.ReadAsByteArrayAsync();
    context.Response.StatusCode = (int)answer.StatusCode;
    context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
    context.Response.ContentLength = bytes.Length;
    await context.Response.Body.WriteAsync(bytes);
});

await app.StartAsync();
Console.WriteLine(app.Urls.First());
await app.WaitForShutdownAsync();
