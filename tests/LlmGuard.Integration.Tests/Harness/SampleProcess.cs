using System.Diagnostics;
using System.Text;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Integration.Tests.Harness;

/// <summary>A sample, started as a newcomer starts it.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    // Behind this the gateway says where it listens, once it does.
    private const string Announcement = "LlmGuard gateway on ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri?> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private SampleProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The folder of a sample's built files, of the configuration that these tests were built in.</summary>
    public static string Directory(string sample)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Checkout.PathOf("samples", sample, "bin", here.Parent!.Name, here.Name);
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

    /// <summary>
    /// Starts the gateway on a port that it chooses and waits until it says that it is ready, which it does not with <c>--quiet</c>.
    /// </summary>
    public static async Task<(SampleProcess Process, HttpClient Client)> StartGatewayAsync(
        CancellationToken cancellationToken,
        params string[] arguments)
    {
        var process = Start("LlmGuard.Gateway", ["--urls", "http://127.0.0.1:0", .. arguments]);
        var url = await process._listening.Task.WaitAsync(cancellationToken);
        return url is not null
            ? (process, new HttpClient { BaseAddress = url })
            : throw new InvalidOperationException("The gateway ended at once: " + await process._errors);
    }

    /// <summary>Waits for the end; exit code and everything that was printed.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, await _output, await _errors);
    }

    private async Task<string> ReadAsync(StreamReader output)
    {
        var all = new StringBuilder();
        while (await output.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                _listening.TrySetResult(new Uri(line[Announcement.Length..line.IndexOf(',', StringComparison.Ordinal)]));
            }
        }

        _listening.TrySetResult(null);
        return all.ToString();
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
