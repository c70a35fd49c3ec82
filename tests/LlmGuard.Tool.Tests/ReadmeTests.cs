using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace LlmGuard.Tool.Tests;

/// <summary>What the package's README shows and promises, done as written there.</summary>
[CancelAfter(120_000)]
public sealed partial class ReadmeTests
{
    private const string TwoCalls = """
        {"gateway":{"required_plugins":[
          {"name":"rate_limiter","settings":{"limits":[{"by":"global","limit":2,"window":"1h"}]}},
          {"name":"data_masking","mode":"monitor","settings":{"predefined_entities":[{"entity":"email"}]}}]}}
        """;

    [Test]
    public async Task Session_EveryCommandWithAnAnswer_AnswersIt(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("llmguard-session");
        try
        {
            var answered = 0;
            foreach (var (command, answer) in Session())
            {
                if (command.StartsWith("cat ", StringComparison.Ordinal))
                {
                    await File.WriteAllTextAsync(Path.Combine(folder.FullName, command["cat ".Length..]), answer, cancellationToken);
                }
                else if (answer.Length > 0)
                {
                    var piped = Piped().Match(command);
                    var words = piped.Success ? piped.Groups["rest"].Value : command["llmguard ".Length..];
                    using var process = Start(folder.FullName, words.Split(' '));
                    await process.StandardInput.WriteAsync(piped.Success ? piped.Groups["text"].Value + "\n" : "");
                    process.StandardInput.Close();
                    var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
                    await process.WaitForExitAsync(cancellationToken);

                    Assert.That(output.TrimEnd(), Does.Match($"^{Regex.Escape(answer).Replace("\\.\\.\\.", "[\\s\\S]*", StringComparison.Ordinal)}$"),
                        command);
                    answered++;
                }
            }

            Assert.That(answered, Is.EqualTo(3));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Limits_LimitersAndMonitors_CountRowsAndAreNoPartOfTheResults()
    {
        using var run = new ToolRun();

        var code = await run.RunAsync(
            """
            {"id":1,"text":"a"}

            {"id":2,"text":"bob@example.com"}
            {"id":3,"text":"c"}
            """,
            "scan", "--jsonl", "--parallel", "1", "--policy", run.File("policy.json", TwoCalls));

        Assert.Multiple(() =>
        {
            Assert.That(run.Lines.Select(static l => l.Split(',')[1]),
                Is.EqualTo(new[] { "\"action\":\"allow\"", "\"action\":\"allow\"", "\"action\":\"block\"" }));
            Assert.That(run.Lines[1], Does.Contain("\"findings\":[]"));
            Assert.That(run.Lines[2], Does.EndWith("\"refusal\":{\"status\":429,\"code\":\"rate_limiter\"}}"));
            Assert.That(run.Error, Does.Contain("data_masking at $.gateway.required_plugins[1] is in monitor mode and not part of the results"));
            Assert.That(code, Is.Zero, "every line was judged, whatever the verdicts");
        });
    }

    [TestCase("""{"id":"x","text":"a"}""", 0)]
    [TestCase("""{"id":"x"}""", 2)]
    public async Task Jsonl_ExitCode_SaysWhetherEveryLineWasJudged(string last, int expected)
    {
        using var run = new ToolRun();

        var code = await run.RunAsync(
            "{\"id\":1,\"text\":\"bob@example.com\"}\n\n" + last + "\n", "scan", "--jsonl", "--policy", run.File("policy.json", ToolRun.Masking));

        Assert.That(code, Is.EqualTo(expected));
        Assert.That(run.Lines, Has.Length.EqualTo(2), "empty lines are skipped");
        Assert.That(run.Lines[1].Contains("\"line\":3", StringComparison.Ordinal), Is.EqualTo(expected == 2), "but counted");
    }

    [Test]
    public async Task Gateway_BareDocument_IsReadAsOneWhereTheOptionSaysSo()
    {
        using var run = new ToolRun();
        var policy =
            run.File("policy.json", """{"required_plugins":[{"name":"data_masking","settings":{"predefined_entities":[{"entity":"email"}]}}]}""");

        var without = await run.RunAsync("to bob@example.com", "scan", "--policy", policy);
        var withOption = await run.RunAsync("to bob@example.com", "scan", "--policy", policy, "--gateway");

        Assert.That((without, withOption), Is.EqualTo((2, 1)));
        Assert.That(run.Output, Does.EndWith("after edits:\nto [MASKED_EMAIL]\n"));
    }

    [Test]
    public async Task Seam_OfTheCall_IsCodeUnlessGiven()
    {
        using var run = new ToolRun();
        var policy = run.File("policy.json", """
            {"gateway":{"required_plugins":[
              {"name":"data_masking","seams":["incoming"],"settings":{"predefined_entities":[{"entity":"email"}]}}]}}
            """);

        var code = await run.RunAsync("to bob@example.com", "scan", "--policy", policy);
        var incoming = await run.RunAsync("to bob@example.com", "scan", "--policy", policy, "--seam", "incoming");

        Assert.That((code, incoming), Is.EqualTo((2, 1)), "a call that no enforcing entry would judge is refused rather than reported as allowed");
    }

    [Test]
    public async Task Interrupted_Answers130(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("needs a signal");
        }

        using var run = new ToolRun();
        run.File("policy.json", ToolRun.Masking);
        using var process = Start(Path.GetDirectoryName(run.PathOf("policy.json"))!, "scan", "--jsonl", "--policy", "policy.json");
        await process.StandardInput.WriteAsync("{\"id\":1,\"text\":\"a\"}\n");
        await process.StandardInput.FlushAsync(cancellationToken);
        await process.StandardOutput.ReadLineAsync(cancellationToken);

        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(cancellationToken);
        }

        await process.WaitForExitAsync(cancellationToken);
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }

    private static IEnumerable<(string Command, string Answer)> Session()
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "src", "LlmGuard.Tool", "README.md")).ReplaceLineEndings("\n");
        var start = readme.IndexOf("```console\n", StringComparison.Ordinal) + "```console\n".Length;
        var session = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
        foreach (var step in ("\n" + session).Split("\n$ ", StringSplitOptions.RemoveEmptyEntries))
        {
            var line = step.IndexOf('\n', StringComparison.Ordinal);
            yield return (step[..line], step[(line + 1)..].Trim('\n'));
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "src", "LlmGuard.Tool")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("the repository was not found above the tests");
        }

        return folder.FullName;
    }

    private static Process Start(string folder, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var arg in args.Prepend(Path.Combine(TestContext.CurrentContext.TestDirectory, "LlmGuard.Tool.dll")))
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    [GeneratedRegex("^echo \"(?<text>[^\"]*)\" \\| llmguard (?<rest>.*)$")]
    private static partial Regex Piped();
}
