using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlmGuard.AspNetCore.Tests;

public class IdentityTests
{
    private const string Policy = """
        {
          "gateway": { "name": "g", "required_plugins": [ { "name": "probe" } ] },
          "consumers": [ { "name": "alice", "groups": ["premium"], "required_plugins": [ { "name": "words" } ] } ],
          "consumer_groups": [ { "name": "premium" }, { "name": "staff" } ]
        }
        """;

    private static string Trusting => Policy.Replace("\"consumers\"",
        "\"identity\": { \"trusted_headers\": { \"consumer\": \"X-User\" } }, \"consumers\"", StringComparison.Ordinal);

    [Test]
    public async Task Request_NobodyHasSetAPrincipal_NoneIsMade()
    {
        object? made = "the request has not come by";
        await using var app = await GuardedApp.StartAsync(
            """{ "gateway": { "name": "g" }, "allow_empty": true }""",
            [],
            _ => { },
            a => a.Use(async (context, next) =>
            {
                await next(context);
                made = context.Features.Get<IHttpAuthenticationFeature>();
            }));

        using var _ = await app.Client.GetAsync("/");

        Assert.That(made, Is.Null);
    }

    [Test]
    public async Task Claims_ChooseTheConsumer()
    {
        await using var app = await Start(Policy, a => a.UseAuthentication(), WithAuthentication);

        var alice = await Send(app, "alice");
        var bob = await Send(app, "bob");

        Assert.That((alice, bob), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.OK)));
    }

    [Test]
    public async Task UntrustedHeader_CountsForNothing()
    {
        await using var app = await Start(Policy, a => a.UseAuthentication(), WithAuthentication);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text("forbidden") };
        request.Headers.Add("X-User", "alice");

        var (status, _) = await app.Client.SendAsync(request).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task TrustedHeader_ChoosesTheConsumer()
    {
        await using var app = await Start(Trusting, null, null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text("forbidden") };
        request.Headers.Add("X-User", "alice");

        var (status, _) = await app.Client.SendAsync(request).Read();

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task CallerOfTheApplication_GoesFirst()
    {
        await using var app = await Start(
            Policy,
            a => a.Use(async (c, next) =>
            {
                using (GuardrailCaller.Use(new GuardrailCaller("alice")))
                {
                    await next(c);
                }
            }),
            WithAuthentication);

        Assert.That(await Send(app, "bob"), Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task CallsOfTheEndpoint_AreMadeForTheCaller()
    {
        await using var app = await GuardedApp.StartAsync(
            Policy,
            [ProbePlugin.Allowing(), ProbePlugin.Allowing("words")],
            e => e.MapPost("/who", () => GuardrailCaller.Current?.Consumer ?? "nobody"),
            a => a.UseAuthentication(),
            WithAuthentication);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/who") { Content = Replies.Text("x") };
        request.Headers.Add("Authorization", "alice");

        var (_, body) = await app.Client.SendAsync(request).Read();

        Assert.That(body, Is.EqualTo("alice"));
        Assert.That(GuardrailCaller.Current, Is.Null);
    }

    [Test]
    public async Task HttpContextCaller_KnowsTheCallerWithoutTheGuard()
    {
        await using var app = GuardedApp.Build(
            Policy,
            Plugins(),
            static e => e.MapPost("/who", static (IGuardrailCallerSource source) => source.GetCaller()?.Consumer ?? "nobody"),
            services: static s =>
            {
                WithAuthentication(s);
                s.AddAiGuardrails().AddHttpContextCaller();
            },
            pipeline: static a => a.UseAuthentication());
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add("Authorization", "alice");

        var (_, body) = await client.PostAsync("/who", Replies.Text("x")).Read();

        Assert.That(body, Is.EqualTo("alice"));
        Assert.That(app.Services.GetRequiredService<IGuardrailCallerSource>().GetCaller(), Is.Null);
    }

    [Test]
    public async Task NoSourceOfIdentity_StopsTheStart()
    {
        await using var app = GuardedApp.Build(Policy, Plugins(), static e => e.MapPost("/echo", () => "ok"));

        Assert.That(async () => await app.StartAsync(), Throws.InvalidOperationException.With.Message.Contains("AddAuthentication"));
    }

    [Test]
    public async Task AuthenticationAfterTheGuard_IsAnError()
    {
        Exception? seen = null;
        await using var app = GuardedApp.Build(
            Policy,
            Plugins(),
            static e => e.MapPost("/echo", () => "ok"),
            services: WithAuthentication,
            pipeline: a =>
            {
                a.Use(async (c, next) =>
                {
                    try
                    {
                        await next(c);
                    }
                    catch (InvalidOperationException exception)
                    {
                        seen = exception;
                    }
                });
                a.UseRouting();
                a.UseAiGuardrails();
                a.UseAuthentication();
            });
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        await client.PostAsync("/echo", Replies.Text("fine")).Read();

        Assert.That(seen?.Message, Does.Contain("UseAuthentication"));
    }

    [Test]
    public async Task UnidentifiedCaller_IsRefusedWhereThePolicySaysSo()
    {
        await using var app = await Start(
            Trusting.Replace("\"trusted_headers\"", "\"unidentified\": \"refuse\", \"trusted_headers\"", StringComparison.Ordinal), null, null);

        using var response = await app.Client.PostAsync("/echo", Replies.Text("fine"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.Contains("X-Guardrail-Id"), Is.True);
    }

    private static Task<GuardedApp> Start(string policy, Action<WebApplication>? before, Action<IServiceCollection>? services) =>
        GuardedApp.StartAsync(policy, Plugins(), static e => e.MapPost("/echo", () => "ok"), before, services);

    private static IGuardrailPlugin[] Plugins() => [ProbePlugin.Allowing(), ProbePlugin.Words()];

    private static async Task<HttpStatusCode> Send(GuardedApp app, string user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = Replies.Text("forbidden") };
        request.Headers.Add("Authorization", user);
        return (await app.Client.SendAsync(request).Read()).Status;
    }

    private static void WithAuthentication(IServiceCollection services) =>
        services.AddAuthentication("name").AddScheme<AuthenticationSchemeOptions, NameScheme>("name", null);

    /// <summary>Believes whatever name stands in Authorization.</summary>
    private sealed class NameScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization is [{ } name]
                ? AuthenticateResult.Success(new AuthenticationTicket(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", name)], Scheme.Name)), Scheme.Name))
                : AuthenticateResult.NoResult());
    }
}
