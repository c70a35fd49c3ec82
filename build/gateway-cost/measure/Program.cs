// What a guarded request costs: CPU per request of a forwarder with and without guardrails, from /proc, in one run of less than five minutes.
//
//     dotnet run -c Release --project build/gateway-cost/measure [-- --rounds 30 --milliseconds 350 --bound 3]
//
// The forwarder runs three times, unguarded and under each policy, on a core of its own; the load and the upstream are this process, on another
// core, and bare sockets, so that the forwarder is what everybody waits for. The three take turns in short rounds, in which each is compared with
// the unguarded one of the same round: what slows the machine down for a while slows both. A turn in which others took much of the machine, in
// which a thread of the forwarder ended and took its time with it, or in which the runtime still compiled, does not count. Of the rounds that count
// the median is shown: of the times, and of the ratios.
//
// What is measured is code in its final form, as it runs after the first ten thousands of requests. The whole local policy has some six seconds of
// compiling to do until then, while a request costs ten times as much, and under load the runtime hardly comes to it. So every forwarder is warmed
// up in bursts with pauses between them in which it has its core for compiling, until bursts leave nothing to compile.
//
// Every median is made twice, of the even and of the odd rounds. Where the two differ by more than the bound (per cent), or too few rounds count,
// no ratio is printed and the exit code is 3.
//
// Two kinds of bodies: conversations in English prose, as people write to models, and words in any order with accents and quotes among them, the
// dearest there is to judge for those who find nothing. What is put together at random sometimes says something; bodies that are refused are left
// out, and where many are, nothing is measured.
using System.Globalization;
using System.Runtime.CompilerServices;
using LlmGuard.GatewayCost;

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("CPU time is read from /proc, so this runs on Linux only.");
    return 2;
}

var rounds = Option("--rounds", 30);
var duration = TimeSpan.FromMilliseconds(Option("--milliseconds", 350));
var bound = Option("--bound", 3) / 100.0;
var here = Path.GetFullPath("..", Path.GetDirectoryName(Here())!);
var program = ForwarderProgram.Build(Path.Combine(here, "forwarder.cs"));
var cores = Machine.Pin();
using var upstream = new Upstream();
var forwarders = new List<Forwarder>
{
    Forwarder.Start("unguarded", cores.Forwarder, program, upstream.Address),
    Forwarder.Start("empty policy", cores.Forwarder, program, upstream.Address, Path.Combine(here, "empty-policy.json")),
    Forwarder.Start("whole local policy", cores.Forwarder, program, upstream.Address, Path.Combine(here, "local-policy.json")),
};
try
{
    Console.WriteLine("| body | forwarder | CPU us per request | of unguarded | halves differ by | rounds |");
    Console.WriteLine("|---|---|--:|--:|--:|--:|");
    var comparison = new Comparison(forwarders, rounds, duration, bound);
    var isSteady = true;
    foreach (var size in new[] { 2 * 1024, 64 * 1024 })
    {
        isSteady &= comparison.Compare(size, "prose", Bodies.Prose);
        isSteady &= comparison.Compare(size, "accents", Bodies.Words);
    }

    return isSteady ? 0 : 3;
}
finally
{
    forwarders.ForEach(static f => f.Dispose());
}

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at < 0 ? otherwise
        : at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 ? given
        : throw new ArgumentException($"{name} takes a whole number above 0.");
}

static string Here([CallerFilePath] string path = "") => path;
