using System.Diagnostics;
using System.Text;

namespace LlmGuard.Tool.Tests;

/// <summary>The tool as people run it: a process with pipes.</summary>
[CancelAfter(60_000)]
public class ProcessTests
{
    [Test]
    public async Task Process_JsonlOverPipes_AnswersALineBeforeTheNextIsWritten(CancellationToken cancellationToken)
    {
        using var run = new ToolRun();
        using var process = Start("scan", "--jsonl", "--policy", run.File("p.json", ToolRun.Masking));

        for (var i = 0; i < 3; i++)
        {
            await process.StandardInput.WriteAsync($"{{\"id\":{i},\"text\":\"ü bob@example.com\"}}\n");
            await process.StandardInput.FlushAsync(cancellationToken);
            Assert.That(await process.StandardOutput.ReadLineAsync(cancellationToken),
                Does.StartWith($"{{\"id\":{i},\"action\":\"modify\",\"text\":\"ü [MASKED_EMAIL]\""));
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        Assert.That(process.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Process_RefusedPolicy_AnswersOneWithoutAStackTrace(CancellationToken cancellationToken)
    {
        using var run = new ToolRun();
        using var process = Start("validate", run.File("p.json", "{\"gateway\":{\"nonsense\":1}}"));
        process.StandardInput.Close();

        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("$.gateway.nonsense").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Process_EnvironmentVariable_ResolvesASecret(CancellationToken cancellationToken)
    {
        using var run = new ToolRun();
        var policy = run.File("p.json", """
            {"gateway":{"required_plugins":[{"name":"data_masking","settings":{"apply_all":true,"reversible_hashing":{"enabled":false,"secret":{"$secret":"VaultKey"}}}}]}}
            """);
        using var process = Start(["scan", "--policy", policy], ("AiGuardrails__Secrets__VaultKey", "a-key-that-is-long-enough-for-anything"));
        process.StandardInput.Close();

        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        Assert.That(process.ExitCode, Is.Zero, output);
        Assert.That(output, Does.StartWith("action: allow"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "A pipe there does not say that its reader has gone.")]
    public async Task Process_WhoseReaderIsGone_EndsThereThoughItsInputGoesOn(CancellationToken cancellationToken)
    {
        using var run = new ToolRun();
        using var process = Start("scan", "--jsonl", "--policy", run.File("p.json", ToolRun.Masking));
        await process.StandardInput.WriteAsync("{\"text\":\"a\"}\n");
        await process.StandardInput.FlushAsync(cancellationToken);
        await process.StandardOutput.ReadLineAsync(cancellationToken);

        process.StandardOutput.Close();
        await process.StandardInput.WriteAsync("{\"text\":\"b\"}\n");
        await process.StandardInput.FlushAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        Assert.That((process.ExitCode, error), Is.EqualTo((141, "")));
    }

    [TestCase("<&-", "", 2, "llmguard: standard input is closed.\n")]
    [TestCase("<&-", "--jsonl", 2, "llmguard: standard input is closed.\n")]
    [TestCase("</dev/null", "", 0, "")]
    [TestCase("</dev/null", "--jsonl", 0, "")]
    [TestCase(">&-", "", 2, "llmguard: standard output is closed.\n")]
    [TestCase("2>&- <\"$0\"", "--jsonl", 2, "")]
    [Platform(Exclude = "Win", Reason = "Its shell closes no handles.")]
    public async Task Process_HandleThatIsClosedOrEmpty_Ends(
        string redirection,
        string option,
        int exitCode,
        string error,
        CancellationToken cancellationToken)
    {
        using var run = new ToolRun();
        string[] args = ["scan", "--policy", run.File("p.json", ToolRun.Masking), .. option.Length > 0 ? new[] { option } : []];
        using var process = Start("/bin/sh", ["-c", $"exec \"$@\" {redirection}", run.File("nonsense.jsonl", "nonsense"), Host, Tool, .. args], []);
        process.StandardInput.Close();
        try
        {
            var told = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);

            Assert.That((process.ExitCode, told), Is.EqualTo((exitCode, error)));
        }
        finally
        {
            process.Kill();
        }
    }

    private static string Host { get; } =
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";

    private static string Tool => Path.Combine(TestContext.CurrentContext.TestDirectory, "LlmGuard.Tool.dll");

    private static Process Start(params string[] args) => Start(args, []);

    private static Process Start(string[] args, params (string Name, string Value)[] environment) => Start(Host, [Tool, .. args], environment);

    private static Process Start(string program, string[] args, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
