using System.Diagnostics;

namespace LlmGuard.Benchmarks.Loopback;

/// <summary>This program again, as <see cref="Peer"/>.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    public const string Verb = "peer";

    private readonly Process _process;

    private PeerProcess(Process process, Uri upstream)
    {
        _process = process;
        Upstream = upstream;
    }

    public Uri Upstream { get; }

    public static async Task<PeerProcess> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(PeerProcess).Assembly.Location, Verb])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new PeerProcess(process, new Uri(await AnswerAsync(process)));
    }

    public async Task LoadAsync(LoadRequest request)
    {
        await _process.StandardInput.WriteLineAsync(request.ToString());
        if (await AnswerAsync(_process) != Peer.Done)
        {
            throw new InvalidOperationException("The peer did something else.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string> AnswerAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The peer has ended; its error is above.");
}
