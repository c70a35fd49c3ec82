using System.Diagnostics;
using System.Security.Cryptography;

namespace LlmGuard.Integration.Tests.Npm;

/// <summary>
/// The official clients from npm, installed once per state of the lock file beside the built tests, never in the source tree. Scripts stand next to
/// them, in <c>Npm/scripts</c>.
/// </summary>
internal static class NpmWorkspace
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // What npm says when the registry is out of reach, which is no defect of ours.
    private static readonly string[] Unreachable =
        ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT",
         "network request to"];

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static string Root => Path.Combine(AppContext.BaseDirectory, "Npm");

    /// <summary>Installs the clients unless they are there; skips the test, saying why, on a machine that cannot.</summary>
    public static Task EnsureAsync() => Installed.Value;

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The clients are not to find a proxy, a key or another server in this machine's environment.
        foreach (var name in start.Environment.Keys.Where(static name =>
            name.EndsWith("_API_KEY", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_BASE_URL", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("OLLAMA_", StringComparison.OrdinalIgnoreCase) || name == "CO_API_URL").ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }
    }

    private static async Task InstallAsync()
    {
        foreach (var program in (string[])["node", "npm"])
        {
            if (!IsInstalled(program))
            {
                Assert.Ignore($"The official npm clients are not tested: there is no '{program}' on the PATH.");
            }
        }

        var hash = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Root, "package-lock.json"))))[..16];
        var stamp = Path.Combine(Root, "node_modules", ".installed-" + hash);
        if (File.Exists(stamp))
        {
            return;
        }

        var (exitCode, output, errors) = await RunAsync("npm", "", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
        if (exitCode != 0 && Array.Find(Unreachable, sign => errors.Contains(sign, StringComparison.Ordinal)) is { } sign)
        {
            Assert.Ignore($"The official npm clients are not tested: the npm registry is out of reach ({sign}).");
        }

        Assert.That(exitCode, Is.Zero, output + errors);
        await File.WriteAllTextAsync(stamp, "");
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe"))
            || File.Exists(Path.Combine(folder, program + ".cmd")));
}
