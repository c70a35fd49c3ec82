#!/usr/bin/env dotnet
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false

// What a guarded request costs: CPU per request of a forwarder with and without guardrails, from /proc, in one run.
//
//     dotnet run -c Release build/gateway-cost/measure.cs [--rounds 9] [--requests 20000]
//
// The forwarder runs three times, unguarded and under each policy; the upstream and the load are this process, so what is read from /proc/<pid>/stat is
// the forwarder's alone. The three take turns, so a disturbance meets all of them, and the least of each is kept. A run that was disturbed prints no ratio
// and exits with 3: when the rounds of the unguarded forwarder differ by more than a tenth, or other processes took more than a twentieth of the machine.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

const int Connections = 8;
const int WarmUps = 3;
const double MostSpread = 0.10;
const double MostForeign = 0.05;
const string Answer = """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"Certainly."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""";

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("CPU time is read from /proc, so this runs on Linux only.");
    return 2;
}

var rounds = Option("--rounds", 9);
var requests = Option("--requests", 20_000);
var here = Path.GetDirectoryName(Here())!;

await using var upstream = await StartUpstreamAsync();
var program = Build(Path.Combine(here, "forwarder.cs"));
var forwarders = new List<Forwarder>
{
    Forwarder.Start("unguarded", program, upstream.Urls.First()),
    Forwarder.Start("empty policy", program, upstream.Urls.First(), Path.Combine(here, "empty-policy.json")),
    Forwarder.Start("whole local policy", program, upstream.Urls.First(), Path.Combine(here, "local-policy.json")),
};
try
{
    using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    Console.WriteLine("| body | forwarder | CPU us per request | of unguarded |");
    Console.WriteLine("|--:|---|--:|--:|");
    var isQuiet = true;
    foreach (var (size, count) in new[] { (2 * 1024, requests), (64 * 1024, Math.Max(1, requests / 8)) })
    {
        isQuiet &= await CompareAsync(client, size, count);
    }

    return isQuiet ? 0 : 3;
}
finally
{
    forwarders.ForEach(static f => f.Dispose());
}

async Task<bool> CompareAsync(HttpClient client, int size, int count)
{
    var bodies = Enumerable.Range(0, 64).Select(seed => Body(size, seed)).ToArray();
    var costs = forwarders.ToDictionary(static f => f, static _ => new List<double>());
    foreach (var forwarder in forwarders)
    {
        // Until the runtime has compiled everything for the second time.
        await LoadAsync(client, forwarder.Address, bodies, WarmUps * count);
    }

    var foreign = 0.0;
    for (var round = 0; round < rounds; round++)
    {
        foreach (var forwarder in forwarders)
        {
            var (machine, mine, before) = (MachineTicks(), OwnTicks(), Ticks(forwarder.Id));
            await LoadAsync(client, forwarder.Address, bodies, count);
            var cost = Ticks(forwarder.Id) - before;
            costs[forwarder].Add(cost * 10_000.0 / count);
            var (busy, all) = (MachineTicks().Busy - machine.Busy, MachineTicks().All - machine.All);
            foreign = Math.Max(foreign, (double)(busy - (OwnTicks() - mine)) / all);
        }
    }

    var unguarded = costs[forwarders[0]];
    var spread = (unguarded.Max() / unguarded.Min()) - 1;
    var isQuiet = spread <= MostSpread && foreign <= MostForeign;
    foreach (var forwarder in forwarders)
    {
        var least = costs[forwarder].Min();
        Console.WriteLine(FormattableString.Invariant($"| {size / 1024} KB | {forwarder.Name} | {least:F1} | {(isQuiet ? (least / unguarded.Min()).ToString("F2", CultureInfo.InvariantCulture) : "noisy")} |"));
    }

    if (!isQuiet)
    {
        Console.Error.WriteLine(FormattableString.Invariant(
            $"{size / 1024} KB: no ratio; the unguarded rounds differ by {spread:P0} (at most {MostSpread:P0}), others took up to {foreign:P0} of the machine (at most {MostForeign:P0})."));
    }

    return isQuiet;
}

static async Task LoadAsync(HttpClient client, Uri forwarder, byte[][] bodies, int count)
{
    var target = new Uri(forwarder, "/v1/chat/completions");
    var left = count;
    await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => SendAsync()));

    async Task SendAsync()
    {
        int number;
        while ((number = Interlocked.Decrement(ref left)) >= 0)
        {
            using var content = new ByteArrayContent(bodies[number % bodies.Length]);
            content.Headers.ContentType = new("application/json");
            using var response = await client.PostAsync(target, content);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"The forwarder answered {(int)response.StatusCode}; a refused request costs something else.");
            }

            await response.Content.ReadAsByteArrayAsync();
        }
    }
}

static async Task<WebApplication> StartUpstreamAsync()
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Logging.ClearProviders();
    var app = builder.Build();
    var answer = Encoding.UTF8.GetBytes(Answer);
    app.Run(async context =>
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    });
    await app.StartAsync();
    return app;
}

// Distinct conversations of ordinary words with an escape now and then; nothing in them is anybody's rule.
static byte[] Body(int bytes, int seed)
{
    string[] words =
    [
        "the", "model", "reads", "every", "word", "of", "this", "conversation", "and", "answers", "with", "care", "about", "numbers", "such", "as", "42", "1,299.50", "\"quoted\"",
        "line\nbreak", "caf\u00E9", "code", "review", "please", "thanks", "budget", "meeting", "schedule", "customer", "release", "planning", "document", "section", "translate", "explain",
    ];
    var random = new Random(seed);
    var messages = new List<object>();
    for (var size = 0; size < bytes;)
    {
        var text = new StringBuilder();
        while (text.Length < 400 && size + text.Length < bytes)
        {
            text.Append(words[random.Next(words.Length)]).Append(' ');
        }

        size += text.Length + 40;
        messages.Add(new { role = messages.Count % 2 == 0 ? "user" : "assistant", content = text.ToString() });
    }

    return JsonSerializer.SerializeToUtf8Bytes(
        new { model = "bench", temperature = 0.7, messages },
        new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

static string Build(string source)
{
    using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", source, "-c", "Release", "-v", "quiet", "-nologo", "--property:OutputPath=" + Output(source)]))!;
    build.WaitForExit();
    return build.ExitCode == 0 ? Path.Combine(Output(source), "forwarder.dll") : throw new InvalidOperationException("The forwarder does not build; the compiler's words are above.");
}

static string Output(string source) => Path.Combine(Path.GetTempPath(), "llmguard-" + Path.GetFileNameWithoutExtension(source)) + Path.DirectorySeparatorChar;

// User and system time of a process in ticks of 10 ms, as proc(5) has it: the 14th and 15th field, counted behind the name in brackets.
static long Ticks(int id)
{
    var line = File.ReadAllText($"/proc/{id}/stat");
    var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
    return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
}

static (long Busy, long All) MachineTicks()
{
    var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(static f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
    return (fields.Sum() - fields[3] - fields[4], fields.Sum());
}

long OwnTicks() => Ticks(Environment.ProcessId) + forwarders.Sum(static f => Ticks(f.Id));

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at < 0 ? otherwise
        : at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 ? given
        : throw new ArgumentException($"{name} takes a whole number above 0.");
}

static string Here([CallerFilePath] string path = "") => path;

internal sealed class Forwarder : IDisposable
{
    private readonly Process _process;

    private Forwarder(string name, Process process)
    {
        Name = name;
        _process = process;
        Address = new Uri(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The forwarder has ended; its error is above."));
    }

    public string Name { get; }

    public Uri Address { get; }

    public int Id => _process.Id;

    public static Forwarder Start(string name, string program, params string[] arguments) =>
        new(name, Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,

            // Threads that spin while they wait for work cost CPU that no request has asked for, and never twice the same.
            Environment = { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" },
        })!);

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
