using System.Diagnostics;
using System.Globalization;

namespace LlmGuard.GatewayCost;

/// <summary>The cores, and the time that processes have had of them, as Linux tells it.</summary>
internal static class Machine
{
    /// <summary>
    /// This process on the first core it may use and the forwarders on the last one. Where there is one core only, or nobody to ask, everybody runs
    /// where the system likes.
    /// </summary>
    public static (string? Load, string? Forwarder) Pin()
    {
        var allowed = File.ReadLines("/proc/self/status").First(static l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            .Split(':')[1].Trim().Split(',', '-');
        try
        {
            if (allowed[0] != allowed[^1])
            {
                var id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
                using var pin = Process.Start(new ProcessStartInfo("taskset", ["-apc", allowed[0], id]) { RedirectStandardOutput = true })!;
                pin.StandardOutput.ReadToEnd();
                pin.WaitForExit();
                return (allowed[0], allowed[^1]);
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No taskset here.
        }

        Console.Error.WriteLine("The processes are not kept apart: there is one core, or no taskset.");
        return (null, null);
    }

    /// <summary>Time of all cores in ticks of 10 ms, that in which they worked and all there was.</summary>
    public static (long Busy, long All) Ticks()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(static f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        return (fields.Sum() - fields[3] - fields[4], fields.Sum());
    }

    /// <summary>
    /// User and system time of a process in ticks of 10 ms, as proc(5) has it: the 14th and 15th field, counted behind the name in brackets.
    /// </summary>
    public static long TicksOf(int id)
    {
        var line = File.ReadAllText($"/proc/{id}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
