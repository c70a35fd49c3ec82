using Microsoft.Playwright;

namespace LlmGuard.Browser.Tests.Harness;

/// <summary>The Chromium of this machine, without a window, and one page in it whose errors and requests are kept.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, Page) = (playwright, browser, page);
        page.Request += (_, request) => Requests.Add(request.Url);
        page.PageError += (_, error) => Complaints.Add(error);
        page.Console += (_, message) => Complaints.Add($"{message.Type}: {message.Text}");
        page.Dialog += (_, dialog) => Complaints.Add($"dialog: {dialog.Message}");
    }

    public IPage Page { get; }

    /// <summary>Addresses that the page has asked for, itself included.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What the browser said about the page: errors, warnings, whatever a script wrote or showed.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Chromium> StartAsync()
    {
        if (Find() is not { } program)
        {
            Assert.Ignore("No Chromium is installed (chromium, chromium-browser or google-chrome), so what a browser sees is not tested here.");
            return null!;
        }

        var playwright = await Playwright.CreateAsync();

        // Containers run tests as root, for whom Chromium's sandbox does not start; the pages are our own.
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox"] });
        return new Chromium(playwright, browser, await browser.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string? Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from name in Names
         select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
