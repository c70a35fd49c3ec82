#!/usr/bin/env dotnet
#:property PublishAot=false

// What a guarded request costs: CPU per request of a forwarder with and without guardrails, from /proc, in one run of less than five minutes.
//
//     dotnet run -c Release build/gateway-cost/measure.cs [--rounds 30] [--milliseconds 350] [--bound 3]
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
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

const int Connections = 8;
const double MostForeign = 0.10;
const double MostCompiling = 0.02;
const int QuietBursts = 5;
var disturbed = 0;
var burst = TimeSpan.FromMilliseconds(200);
var pause = TimeSpan.FromMilliseconds(150);
var longestWarmUp = TimeSpan.FromSeconds(60);

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("CPU time is read from /proc, so this runs on Linux only.");
    return 2;
}

var rounds = Option("--rounds", 30);
var duration = TimeSpan.FromMilliseconds(Option("--milliseconds", 350));
var bound = Option("--bound", 3) / 100.0;
var here = Path.GetDirectoryName(Here())!;
var program = Build(Path.Combine(here, "forwarder.cs"));
var cores = Pin();
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
    var isSteady = true;
    foreach (var size in new[] { 2 * 1024, 64 * 1024 })
    {
        isSteady &= Compare(size, "prose", Prose);
        isSteady &= Compare(size, "accents", Words);
    }

    return isSteady ? 0 : 3;
}
finally
{
    forwarders.ForEach(static f => f.Dispose());
}

bool Compare(int size, string kind, Func<Random, int, string> text)
{
    var drawn = Enumerable.Range(0, 64).Select(seed => Request(Body(size, seed, text))).ToArray();
    var bodies = Load.Answered(forwarders[^1].Port, drawn);
    if (bodies.Length < drawn.Length / 2)
    {
        Console.Error.WriteLine(
            $"{size / 1024} KB, {kind}: nothing is measured, since the policy refuses {drawn.Length - bodies.Length} of {drawn.Length} bodies.");
        return false;
    }

    var loads = forwarders.Select(f => new Load(f.Port, bodies, Connections)).ToArray();
    foreach (var (forwarder, load) in forwarders.Zip(loads))
    {
        if (!WarmUp(forwarder, load))
        {
            Console.Error.WriteLine($"{size / 1024} KB, {kind}: {forwarder.Name} still compiles after {longestWarmUp.TotalSeconds:F0} s.");
        }
    }

    var costs = forwarders.Select(_ => new double?[rounds]).ToArray();
    for (var round = 0; round < rounds; round++)
    {
        for (var turn = 0; turn < forwarders.Count; turn++)
        {
            // Never in the same order twice running: what comes after the dearest one must not always be the same.
            var which = (round + turn) % forwarders.Count;
            costs[which][round] = Measure(forwarders[which], loads[which]);
        }
    }

    Array.ForEach(loads, static l => l.Dispose());
    var isSteady = true;
    var lines = new List<(string Name, double Cost, double Ratio, double Difference, int Count)>();
    foreach (var (forwarder, cost) in forwarders.Zip(costs))
    {
        // Of the one that the others are compared with, the times themselves have to be steady.
        var compared = Enumerable.Range(0, rounds).Select(i => forwarder == forwarders[0] ? cost[i] : cost[i] / costs[0][i]).ToArray();
        var (even, odd) = (Median(compared.Where((_, i) => i % 2 == 0)), Median(compared.Where((_, i) => i % 2 == 1)));
        var (difference, count) = ((Math.Max(even, odd) / Math.Min(even, odd)) - 1, compared.Count(static c => c is not null));
        isSteady &= difference <= bound && count >= rounds / 2;
        lines.Add((forwarder.Name, Median(cost), forwarder == forwarders[0] ? 1 : Median(compared), difference, count));
    }

    foreach (var (name, cost, ratio, difference, count) in lines)
    {
        var shown = isSteady ? ratio.ToString("F3", CultureInfo.InvariantCulture) : "unsteady";
        Console.WriteLine(FormattableString.Invariant(
            $"| {size / 1024} KB, {kind} | {name} | {cost:F1} | {shown} | {100 * difference:F1} % | {count} of {rounds} |"));
    }

    if (!isSteady)
    {
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{size / 1024} KB, {kind}: no ratio, since two halves of the rounds differ by more than {100 * bound:F0} % or fewer than half of the "
            + $"rounds count. In {disturbed} turns so far others took more than {MostForeign:P0} of the machine."));
    }

    return isSteady;
}

// Until the runtime has compiled everything for the last time, which shows in bursts after which its compiler has nothing to do; false when it is
// not there in time.
bool WarmUp(Forwarder forwarder, Load load)
{
    var (started, quiet) = (Stopwatch.StartNew(), 0);
    while (quiet < QuietBursts && started.Elapsed < longestWarmUp)
    {
        var before = forwarder.CpuNanoseconds().Compiler;
        load.Run(burst);
        var (now, since) = (forwarder.CpuNanoseconds().Compiler, Stopwatch.StartNew());
        while (since.Elapsed < pause)
        {
            Thread.Sleep(20);
            var next = forwarder.CpuNanoseconds().Compiler;
            if (next != now)
            {
                now = next;
                since.Restart();
            }
        }

        quiet = Math.Abs(now - before) < MostCompiling * burst.TotalNanoseconds ? quiet + 1 : 0;
    }

    return quiet == QuietBursts;
}

// Microseconds of CPU per request; null where the round does not count.
double? Measure(Forwarder forwarder, Load load)
{
    var (machine, ours, before) = (MachineTicks(), OurTicks(), forwarder.CpuNanoseconds());
    var requests = load.Run(duration);
    var (after, oursAfter, machineAfter) = (forwarder.CpuNanoseconds(), OurTicks(), MachineTicks());
    var foreign = (machineAfter.Busy - machine.Busy - (oursAfter - ours)) / (double)Math.Max(1, machineAfter.All - machine.All);
    var compiling = (after.Compiler - before.Compiler) / (double)Math.Max(1, after.Sum - before.Sum);
    disturbed += foreign > MostForeign ? 1 : 0;
    return foreign > MostForeign || compiling > MostCompiling || !before.Threads.IsSubsetOf(after.Threads) ? null
        : (after.Sum - before.Sum) / 1000.0 / requests;
}

static double Median(IEnumerable<double?> values)
{
    var sorted = values.OfType<double>().Order().ToArray();
    return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
}

// Distinct conversations; nothing in them is anybody's rule.
static byte[] Body(int bytes, int seed, Func<Random, int, string> text)
{
    var random = new Random(seed);
    var messages = new List<object>();
    for (var size = 0; size < bytes;)
    {
        var said = text(random, Math.Min(400, bytes - size));
        size += said.Length + 40;
        messages.Add(new { role = messages.Count % 2 == 0 ? "user" : "assistant", content = said });
    }

    return JsonSerializer.SerializeToUtf8Bytes(
        new { model = "bench", temperature = 0.7, messages },
        new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

// Sentences as people and models write them, in paragraphs.
static string Prose(Random random, int length)
{
    string[] sentences =
    [
        "Could you help me write a short note to our customers about the new delivery times?",
        "We moved the weekly review to the afternoon because half of the team was travelling.",
        "The first version explains the idea well, but the second paragraph repeats what the first one said.",
        "I would like it to sound friendly and still be clear about what changes.",
        "Most people will only read the first two lines, so the important part should come early.",
        "Here is a shorter version that keeps the main point and leaves out the history.",
        "What is the difference between a list and a tuple, and when would you choose one over the other?",
        "A list can change after it was made; a tuple cannot, which makes it safe to share.",
        "The meeting lasted longer than planned, since nobody had read the document before.",
        "Please summarise the discussion below in five sentences for somebody who was not there.",
        "The budget for next year is about 12 percent larger, mostly because of storage and support.",
        "That sounds reasonable, although I am not sure the numbers in the table add up.",
        "If the test fails only on the build server, look at the time zone and the locale first.",
        "The function returns early when the input is empty, which is why the loop never runs.",
        "Our garden gets little sun, so which vegetables could we still grow there?",
        "Lettuce, spinach and most herbs do well in the shade; tomatoes will not.",
        "She asked whether the report could be ready by the end of the week, and I said that I would try.",
        "It rained all weekend, so we stayed inside, cooked soup and played cards.",
        "Can you translate the last answer into plain words, without any of the technical terms?",
        "In short: the old system keeps running, the new one takes over step by step, and nobody has to do anything.",
        "One reviewer wrote \"too long\" in the margin, and he was right.", "Thank you, that is exactly what I was looking for.",
        "Let us go through the plan once more and mark everything that still depends on others.",
        "The museum closes at six, and the last train leaves a little after nine.",
    ];
    var text = new StringBuilder();
    while (text.Length < length)
    {
        text.Append(sentences[random.Next(sentences.Length)]).Append(random.Next(5) == 0 ? "\n\n" : " ");
    }

    return text.ToString(0, length);
}

// Ordinary words in any order with an escape or an accent now and then.
static string Words(Random random, int length)
{
    string[] words =
    [
        "the", "model", "reads", "seven", "word", "of", "that", "conversation", "and", "returns", "with", "care", "about", "numbers", "such", "as",
        "42", "1,299.50", "\"quoted\"",
        "line\nbreak", "caf\u00E9", "code", "review", "please", "thanks", "budget", "meeting", "schedule", "customer", "release", "planning",
        "document", "section", "translate", "explain",
    ];
    var text = new StringBuilder();
    while (text.Length < length)
    {
        text.Append(words[random.Next(words.Length)]).Append(' ');
    }

    return text.ToString();
}

static byte[] Request(byte[] body) =>
[
    .. Encoding.ASCII.GetBytes(FormattableString.Invariant(
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n")),
    .. body,
];

static string Build(string source)
{
    // The compiler's opinions on the product are asked for elsewhere, and cost more than all the rest.
    string[] options = ["-c", "Release", "-v", "quiet", "-nologo", "--property:RunAnalyzers=false", "--property:OutputPath=" + Output(source)];
    using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", source, .. options]))!;
    build.WaitForExit();
    return build.ExitCode == 0 ? Path.Combine(Output(source), "forwarder.dll")
        : throw new InvalidOperationException("The forwarder does not build; the compiler's words are above.");
}

static string Output(string source) =>
    Path.Combine(Path.GetTempPath(), "llmguard-" + Path.GetFileNameWithoutExtension(source)) + Path.DirectorySeparatorChar;

// This process on the first core it may use and the forwarders on the last one. Where there is one core only, or nobody to ask, everybody runs
// where the system likes.
static (string? Load, string? Forwarder) Pin()
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

static (long Busy, long All) MachineTicks()
{
    var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
        .Select(static f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
    return (fields.Sum() - fields[3] - fields[4], fields.Sum());
}

long OurTicks() => Ticks(Environment.ProcessId) + forwarders.Sum(static f => Ticks(f.Id));

// User and system time of a process in ticks of 10 ms, as proc(5) has it: the 14th and 15th field, counted behind the name in brackets.
static long Ticks(int id)
{
    var line = File.ReadAllText($"/proc/{id}/stat");
    var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
    return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
}

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at < 0 ? otherwise
        : at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 ? given
        : throw new ArgumentException($"{name} takes a whole number above 0.");
}

static string Here([CallerFilePath] string path = "") => path;

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

/// <summary>Connections that post one request after the other; bytes that are ready, no client that would cost more than what is measured.</summary>
internal sealed class Load : IDisposable
{
    private readonly byte[][] _requests;
    private readonly Socket[] _sockets;
    private int _next;

    public Load(int port, byte[][] requests, int connections)
    {
        _requests = requests;
        _sockets = [.. Enumerable.Range(0, connections).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })];
        Array.ForEach(_sockets, s => s.Connect(IPAddress.Loopback, port));
    }

    /// <summary>Those of the requests that are not refused.</summary>
    public static byte[][] Answered(int port, byte[][] requests)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var messages = new Messages(socket);
        return [.. requests.Where(request => IsAnsweredAsync(socket, messages, request).GetAwaiter().GetResult())];
    }

    /// <summary>Number of requests in a time.</summary>
    public int Run(TimeSpan duration)
    {
        var (end, counts) = (Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency), new int[_sockets.Length]);
        Task.WaitAll([.. _sockets.Select((socket, i) => Task.Run(() => PostAsync(socket, end, counts, i)))]);
        return counts.Sum();
    }

    public void Dispose() => Array.ForEach(_sockets, static s => s.Dispose());

    private async Task PostAsync(Socket socket, long end, int[] counts, int which)
    {
        var messages = new Messages(socket);
        while (Stopwatch.GetTimestamp() < end)
        {
            if (!await IsAnsweredAsync(socket, messages, _requests[(uint)Interlocked.Increment(ref _next) % _requests.Length]))
            {
                throw new InvalidOperationException("The forwarder refused a request or went away; a refused request costs something else.");
            }

            counts[which]++;
        }
    }

    private static async Task<bool> IsAnsweredAsync(Socket socket, Messages messages, byte[] request)
    {
        await Messages.SendAsync(socket, request);
        return await messages.ReadAsync() is { } head && head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
    }
}

/// <summary>A server that takes anything and always answers the same.</summary>
internal sealed class Upstream : IDisposable
{
    private const string Answer =
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"message":{"role":"assistant",
        "content":"Certainly."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}
        """;

    private static readonly byte[] Response = Encoding.ASCII.GetBytes(FormattableString.Invariant(
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}"));

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Upstream()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        var messages = new Messages(socket);
        try
        {
            while (await messages.ReadAsync() is not null)
            {
                await Messages.SendAsync(socket, Response);
            }
        }
        catch (SocketException)
        {
            // The forwarder has been ended.
        }

        socket.Dispose();
    }
}

/// <summary>HTTP/1.1 messages with a Content-Length, one after the other.</summary>
internal sealed class Messages(Socket socket)
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _filled;

    public static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    /// <summary>The head of the next message, whose body is passed over; null when there is none.</summary>
    public async ValueTask<string?> ReadAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8) + 4;
            if (end >= 4)
            {
                var head = Encoding.ASCII.GetString(_buffer, 0, end);
                var at = head.IndexOf("Content-Length:", StringComparison.OrdinalIgnoreCase) + 15;
                var left = end + int.Parse(head.AsSpan(at, head.IndexOf('\r', at) - at), CultureInfo.InvariantCulture) - _filled;
                while (left > 0)
                {
                    var read = await socket.ReceiveAsync(_buffer);
                    left -= read == 0 ? throw new InvalidOperationException("A message was cut.") : read;
                }

                // Nobody sends the next message before this one is answered.
                _filled = 0;
                return head;
            }

            var received = await socket.ReceiveAsync(_buffer.AsMemory(_filled));
            if (received == 0)
            {
                return null;
            }

            _filled += received;
        }
    }
}
