using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LlmGuard.Redis;
using LlmGuard.Redis.Client;

namespace LlmGuard.Tests.Redis;

/// <summary>A Redis server of our own, on a port that was free, with nothing on disk.</summary>
internal sealed partial class RedisServer : IAsyncDisposable
{
    private const int MostAttempts = 10;

    private readonly string[] _arguments;
    private Process? _process;

    private RedisServer(string[] arguments) => _arguments = arguments;

    public int Port { get; private set; }

    public string Endpoint => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        // Redis cannot choose a port itself, and between the look for a free one and its start somebody else may take that.
        var server = new RedisServer(arguments);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            server.Port = FreePort();
            if (await server.TryStartAsync())
            {
                return server;
            }
        }

        throw new InvalidOperationException("redis-server did not start: each port was taken.");
    }

    public async Task StartAgainAsync()
    {
        if (!await TryStartAsync())
        {
            throw new InvalidOperationException("redis-server did not start again: somebody has taken its port.");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Whether its port was still free.
    private async Task<bool> TryStartAsync()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] port = Array.IndexOf(_arguments, "--tls-port") < 0 ? ["--port", $"{Port}"] : ["--port", "0"];
        foreach (var argument in (string[])[.. port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. _arguments])
        {
            start.ArgumentList.Add(argument.Replace("{port}", $"{Port}", StringComparison.Ordinal));
        }

        _process?.Dispose();
        _process = Process.Start(start)!;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                _ = _process.StandardOutput.ReadToEndAsync();
                return true;
            }

            if (line.Contains("Address already in use", StringComparison.Ordinal))
            {
                await KillAsync();
                return false;
            }
        }

        throw new InvalidOperationException("redis-server did not start: " + await _process.StandardError.ReadToEndAsync());
    }

    /// <summary>Stops it at once, as a machine that loses power.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Has it stand still, as a machine without time for it would, until <see cref="GoOnAsync"/>.</summary>
    public Task StandStillAsync() => SignalAsync("STOP");

    public Task GoOnAsync() => SignalAsync("CONT");

    /// <summary>Runs a command over a connection of its own.</summary>
    public async Task<string?[]> AskAsync(params string[] command)
    {
        using var connection = await RedisConnection.OpenAsync(new RedisEndpoint("127.0.0.1", Port), new RedisOptions(), CancellationToken.None);
        var reply = await connection.SendAsync(command, [], []);
        return reply.Error is null ? reply.Values : throw new InvalidOperationException(reply.Error);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {_process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }
}
