using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Integration.Tests.Harness;

/// <summary>A sample, started as a newcomer starts it.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private SampleProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The folder of a sample's built files, of the configuration that these tests were built in.</summary>
    public static string Directory(string sample)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Checkout.PathOf("samples", sample, "bin", here.Parent!.Name, here.Name);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static SampleProcess Start(string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = Directory(sample),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(Directory(sample), sample + ".dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>Starts the gateway and waits until it says that it is ready.</summary>
    public static async Task<(SampleProcess Process, HttpClient Client)> StartGatewayAsync(
        CancellationToken cancellationToken,
        params string[] arguments)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = Start("LlmGuard.Gateway", ["--urls", url.GetLeftPart(UriPartial.Authority), .. arguments]);
        var client = new HttpClient { BaseAddress = url };
        while (!process._process.HasExited)
        {
            try
            {
                using var health = await client.GetAsync(new Uri("/healthz", UriKind.Relative), cancellationToken);
                if (health.StatusCode == HttpStatusCode.OK)
                {
                    return (process, client);
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50, cancellationToken);
        }

        client.Dispose();
        throw new InvalidOperationException("The gateway ended at once: " + await process._errors);
    }

    /// <summary>Waits for the end; exit code and everything that was printed.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, await _output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
