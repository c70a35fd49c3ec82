using System.Diagnostics;
using LlmGuard.Browser.Tests.Harness;
using Microsoft.Playwright;

namespace LlmGuard.Browser.Tests;

/// <summary>The report of <c>llmguard eval --html</c> as people open it.</summary>
[CancelAfter(120_000)]
public sealed class ReportTests
{
    private const string HostileName = "<img src=x onerror=alert(1)>.jsonl";

    private const string Policy =
        """{"gateway":{"required_plugins":[{"name":"data_masking","settings":{"predefined_entities":[{"entity":"email"}]}}]}}""";

    // Every mail address is found, and half of what is labelled.
    private const string Rows = """
        {"text":"mail ann@example.com","label":1}
        {"text":"mail bob@example.com","label":1}
        {"text":"call me <script>alert(2)</script>","label":1}
        {"text":"nothing at all","label":1}
        {"text":"nothing","label":0}
        """;

    private DirectoryInfo _folder = null!;
    private Chromium _chromium = null!;
    private string _report = null!;

    private IPage Page => _chromium.Page;

    [OneTimeSetUp]
    public async Task Open()
    {
        _chromium = await Chromium.StartAsync();
        _folder = Directory.CreateTempSubdirectory("llmguard-report");
        string[] data = [PathOf(HostileName), PathOf("a-file-with-a-rather-long-name-that-says-what-is-in-it.jsonl")];
        await File.WriteAllTextAsync(PathOf("policy.json"), Policy);
        Array.ForEach(data, file => File.WriteAllText(file, Rows));
        await RunToolAsync(["eval", "--policy", PathOf("policy.json"), .. data, "--html", PathOf("report.html"), "--include-texts"]);
        _report = new Uri(PathOf("report.html")).AbsoluteUri;
        await Page.GotoAsync(_report);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await (_chromium?.DisposeAsync() ?? default);
        _folder?.Delete(recursive: true);
    }

    [Test]
    public void Open_Report_AsksForNothingElseAndNothingInItRuns()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_chromium.Requests, Is.EqualTo(new[] { _report }));
            Assert.That(_chromium.Complaints, Is.Empty);
        }
    }

    [Test]
    public async Task Open_NamesAndTextsWithMarkup_AreShownAsTheyAre()
    {
        var text = await Page.InnerTextAsync("body");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain(HostileName).And.Contain("<script>alert(2)</script>"));
            Assert.That(await Page.EvaluateAsync<int>("document.querySelectorAll('img, script, iframe, link').length"), Is.Zero);
        }
    }

    [Test]
    public async Task Open_Charts_DrawBarsAsLongAsTheirFigures()
    {
        // Of the first file: precision, recall, F1 and false-positive rate.
        const string Bars = "[...document.querySelector('svg').querySelectorAll('rect')].slice(0, 4)";
        var widths = await Page.EvaluateAsync<double[]>(Bars + ".map(bar => bar.getBoundingClientRect().width)");
        var colours = await Page.EvaluateAsync<string[]>(Bars + ".map(bar => getComputedStyle(bar).fill)");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(widths[0], Is.GreaterThan(300));
            Assert.That(widths[1] / widths[0], Is.EqualTo(0.5).Within(0.01));
            Assert.That(widths[2] / widths[0], Is.EqualTo(2 / 3.0).Within(0.01));
            Assert.That(widths[3], Is.Zero);
            Assert.That(colours.Distinct().Count(), Is.EqualTo(4), string.Join(' ', colours));
        }
    }

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Open_EitherColourScheme_HasTextThatCanBeRead(ColorScheme scheme)
    {
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });

        // Contrast as WCAG 2.2 computes it; level AA asks for 4.5.
        var contrasts = await Page.EvaluateAsync<double[]>(
            """
            () => {
              const light = colour => {
                const [r, g, b] = colour.match(/[\d.]+/g).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const ground = light(getComputedStyle(document.body).backgroundColor);
              const inks = [...document.querySelectorAll('h1, p, th, td, pre')].map(e => getComputedStyle(e).color)
                .concat([...document.querySelectorAll('svg text')].map(e => getComputedStyle(e).fill));
              return inks.map(light).map(ink => (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05));
            }
            """);

        Assert.That(contrasts, Is.Not.Empty.And.All.GreaterThanOrEqualTo(4.5));
    }

    [Test]
    public async Task Open_OnAPhone_ScrollsTablesAndNotThePage()
    {
        await Page.SetViewportSizeAsync(360, 640);

        Assert.That(await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360));
    }

    private static async Task RunToolAsync(string[] arguments)
    {
        var samples = SampleProcess.Directory("LlmGuard.Gateway").Split(Path.DirectorySeparatorChar);
        var tool = string.Join(Path.DirectorySeparatorChar, [.. samples[..^5], "src", "LlmGuard.Tool", .. samples[^3..], "LlmGuard.Tool.dll"]);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [tool, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await output + await errors);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
