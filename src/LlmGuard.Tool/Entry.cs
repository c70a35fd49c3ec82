using System.CommandLine;
using LlmGuard.Tool.Commands;

namespace LlmGuard.Tool;

/// <summary>Runs one command line.</summary>
internal static class Entry
{
    // EPIPE, which has this number wherever .NET runs on Unix.
    private const int BrokenPipe = 32;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, ToolConsole console)
    {
        var root = new RootCommand("Tries LlmGuard policies: checks and explains them, scans text with them, and measures what they detect.")
        {
            ValidateCommand.Create(console),
            ExplainCommand.Create(console),
            ScanCommand.Create(console),
            EvalCommand.Create(console),
            SchemaCommand.Create(console),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await console.Error.WriteLineAsync($"llmguard: {error.Message}").ConfigureAwait(false);
            }

            await console.Error.WriteLineAsync("Try 'llmguard --help'.").ConfigureAwait(false);
            return ExitCodes.Unusable;
        }

        try
        {
            return await parsed
                .InvokeAsync(new InvocationConfiguration { Output = console.Text, Error = console.Error, EnableDefaultExceptionHandler = false })
                .ConfigureAwait(false);
        }
        catch (ToolException failure)
        {
            await console.Error.WriteLineAsync($"llmguard: {failure.Message}").ConfigureAwait(false);
            return ExitCodes.Unusable;
        }
        catch (IOException failure) when (failure.HResult == BrokenPipe && !OperatingSystem.IsWindows())
        {
            // Whoever read the output has seen enough; the shell's own tools say nothing either.
            return ExitCodes.ReaderGone;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync($"llmguard: reading or writing failed: {failure.Message}").ConfigureAwait(false);
            return ExitCodes.Unusable;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }
}
