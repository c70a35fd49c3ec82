using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace LlmGuard.Tool;

/// <summary>What the tool reads from and writes to, so that tests can stand in for a terminal.</summary>
internal sealed class ToolConsole
{
    // Lines of a scanned text are the text's own: only the terminal may wrap them.
    private const int Unwrapped = 1_000_000;

    /// <summary>What is read; the getter throws <see cref="ToolException"/> where it was set to null: whoever started the tool closed it.</summary>
    [AllowNull]
    public required Stream Input
    {
        get => field ?? throw new ToolException("standard input is closed.");
        init;
    }

    /// <summary>What is written to; the getter throws like that of <see cref="Input"/>.</summary>
    [AllowNull]
    public required Stream Output
    {
        get => field ?? throw new ToolException("standard output is closed.");
        init;
    }

    public required TextWriter Error { get; init; }

    /// <summary>Whether a person looks at <see cref="Output"/>.</summary>
    public bool IsOutputInteractive { get; init; }

    /// <summary>Whether a person looks at <see cref="Error"/>, where progress is shown.</summary>
    public bool IsErrorInteractive { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>The output as text.</summary>
    public TextWriter Text => field ??= new StreamWriter(Output, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };

    public static ToolConsole OfProcess() => new()
    {
        Input = StandardHandle.Input.IsOfStarter ? Console.OpenStandardInput() : null,
        Output = StandardHandle.Output.IsOfStarter ? StandardOutput() : null,
        Error = StandardHandle.Error.IsOfStarter ? Console.Error : TextWriter.Null,
        IsOutputInteractive = !Console.IsOutputRedirected,
        IsErrorInteractive = !Console.IsErrorRedirected,
        Environment = System.Environment.GetEnvironmentVariable,
    };

    /// <summary>The output with colours and tables.</summary>
    /// <param name="color">Whether to colour; null decides by terminal and <c>NO_COLOR</c>.</param>
    public IAnsiConsole Ansi(bool? color)
    {
        var isColored = color ?? (IsOutputInteractive && string.IsNullOrEmpty(Environment("NO_COLOR")));
        var console = Make(Text, isColored, IsOutputInteractive);
        console.Profile.Width = Unwrapped;
        return console;
    }

    /// <summary>The error output, for progress.</summary>
    public IAnsiConsole Progress() => Make(Error, IsErrorInteractive && string.IsNullOrEmpty(Environment("NO_COLOR")), IsErrorInteractive);

    /// <summary>
    /// The console's own stream takes a reader who has gone (<c>| head</c>) for one that reads on, so that a run would go on to its end, and pay its
    /// remote judges, for nobody. A pipe says so when it is written to as a file. Other files stay with the console: where several programs write to
    /// one in turn, their place in it is that of the handle.
    /// </summary>
    private static Stream StandardOutput()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var output = new FileStream(new SafeFileHandle(StandardHandle.Output.Number, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!output.CanSeek)
            {
                return output;
            }
        }

        return Console.OpenStandardOutput();
    }

    private static IAnsiConsole Make(TextWriter writer, bool isColored, bool isInteractive) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = isColored ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = isColored ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = isInteractive ? InteractionSupport.Yes : InteractionSupport.No,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
    });
}
