using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace LlmGuard.FakeClouds.Hosting;

/// <summary>A vendor's service played by an in-process server on a free port of the loopback address.</summary>
/// <remarks>
/// Strict: what does not fit the vendor's model is answered with the vendor's own error and noted in <see cref="Violations"/>, which tests expect
/// to stay empty. Keeps the last 4096 requests. Thread-safe.
/// </remarks>
internal abstract class FakeCloud : IAsyncDisposable
{
    private const int MaxRequests = 4096;
    private const int MaxBodyBytes = 32 * 1024 * 1024;

    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _application;
    private X509Certificate2? _certificate;
    private int _concurrent;
    private int _mostConcurrent;
    private int _count;
    private int _connections;

    /// <summary>The name of the fake: the plugin that asks it.</summary>
    public abstract string Name { get; }

    /// <summary>What goes wrong.</summary>
    public FaultScript Faults { get; } = new();

    /// <summary>How long it thinks before an answer. None by default.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>What it waits for before an answer. Nothing by default.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Its base address, with a slash at the end.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What a policy gives as <c>endpoint</c>. The address by default.</summary>
    public virtual Uri Endpoint => Address;

    /// <summary>The credentials it accepts, by the names a policy gives them as <c>$secret</c>.</summary>
    public virtual IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string>();

    /// <summary>The last requests, oldest first.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>How many requests came.</summary>
    public int RequestCount => Volatile.Read(ref _count);

    /// <summary>Completes when the first request has arrived.</summary>
    public Task FirstRequest => _first.Task;

    /// <summary>How many requests were under way at once at most.</summary>
    public int MostConcurrent => Volatile.Read(ref _mostConcurrent);

    /// <summary>How many connections were opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>In what requests did not fit the vendor's model.</summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    /// <summary>Starts the server.</summary>
    /// <param name="useTls">Whether it speaks TLS, with a certificate nobody trusts.</param>
    public async Task StartAsync(bool useTls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    Interlocked.Increment(ref _connections);
                    return next(connection);
                });
                if (useTls)
                {
                    listen.UseHttps(_certificate = SelfSigned());
                }
            });
        });
        _application = builder.Build();
        _application.Run(HandleAsync);
        await _application.StartAsync();
        Address = new Uri(_application.Urls.Single() + "/");
    }

    public async ValueTask DisposeAsync()
    {
        Faults.Release();
        if (_application is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await _application.StopAsync(now.Token);
            await _application.DisposeAsync();
        }

        _certificate?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Answers a request as the vendor would.</summary>
    /// <param name="request">The request.</param>
    protected abstract FakeAnswer Answer(FakeRequest request);

    /// <summary>Notes that a request does not fit the vendor's model.</summary>
    /// <param name="problem">What does not fit.</param>
    protected void Violate(string problem) => _violations.Enqueue(problem);

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fake.invalid", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private async Task HandleAsync(HttpContext context)
    {
        Count(Interlocked.Increment(ref _concurrent));
        try
        {
            var request = await FakeRequest.ReadAsync(context.Request);
            _requests.Enqueue(request);
            while (_requests.Count > MaxRequests && _requests.TryDequeue(out _))
            {
            }

            Interlocked.Increment(ref _count);
            _first.TrySetResult();
            await Gate.WaitAsync(context.RequestAborted);
            if (Latency > TimeSpan.Zero)
            {
                await Task.Delay(Latency, TimeProvider.System, context.RequestAborted);
            }

            if (Faults.Next() is { } fault)
            {
                await fault.PlayAsync(context, () => Answer(request), Faults.Released);
            }
            else
            {
                await Answer(request).WriteAsync(context.Response);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller went away, or the fake is stopped.
            context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _concurrent);
        }
    }

    private void Count(int concurrent)
    {
        var most = Volatile.Read(ref _mostConcurrent);
        while (concurrent > most)
        {
            var seen = Interlocked.CompareExchange(ref _mostConcurrent, concurrent, most);
            most = seen == most ? concurrent : seen;
        }
    }
}
