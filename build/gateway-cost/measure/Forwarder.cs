using System.Diagnostics;
using System.Globalization;

namespace LlmGuard.GatewayCost;

/// <summary>One forwarder, a process of its own.</summary>
internal sealed class Forwarder : IDisposable
{
    private readonly Process _process;

    private Forwarder(string name, Process process)
    {
        Name = name;
        _process = process;
        Port = new Uri(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The forwarder has ended; its error is above.")).Port;
    }

    public string Name { get; }

    public int Port { get; }

    public int Id => _process.Id;

    public static Forwarder Start(string name, string? core, string program, params string[] arguments)
    {
        string[] command = core is null ? ["dotnet", program, .. arguments] : ["taskset", "-c", core, "dotnet", program, .. arguments];
        return new(name, Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,

            // Threads that spin while they wait for work cost CPU that no request has asked for, and never twice the same. And on a single core the
            // runtime compiles only after a second without new methods, ten times as late as elsewhere.
            Environment = { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0", ["DOTNET_TC_DelaySingleProcMultiplier"] = "1" },
        })!);
    }

    /// <summary>
    /// CPU time of all threads so far, and of those that compile again what is called often: the first field of sched-stats.rst, in nanoseconds,
    /// where /proc/[pid]/stat counts in steps of 10 ms.
    /// </summary>
    public (long Sum, long Compiler, HashSet<string> Threads) CpuNanoseconds()
    {
        var (sum, compiler, threads) = (0L, 0L, new HashSet<string>());
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{Id}/task"))
        {
            try
            {
                var time = long.Parse(File.ReadAllText(thread + "/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
                sum += time;
                compiler += File.ReadAllText(thread + "/comm").StartsWith(".NET Tiered", StringComparison.Ordinal) ? time : 0;
                threads.Add(thread);
            }
            catch (IOException)
            {
                // Ended meanwhile.
            }
        }

        return (sum, compiler, threads);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
