using LlmGuard.Plugins.CodeSanitation.Rules;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What the words of a command line do together, once all of them are known: none of them tells it alone.</summary>
internal static class CommandPipes
{
    private static readonly int DownloadAndRun = CodeCatalog.NumberOf("shell.download_and_run");
    private static readonly int ReverseShell = CodeCatalog.NumberOf("shell.reverse_shell");
    private static readonly int CredentialTheft = CodeCatalog.NumberOf("shell.credential_theft");
    private static readonly int Credentials = CodeCatalog.NumberOf("shell.credentials");
    private static readonly int Persistence = CodeCatalog.NumberOf("shell.persistence");

    /// <summary>Judges a line that has ended.</summary>
    public static void Judge(ref CommandLine line, int end, CodeFindings findings)
    {
        var isShell = (line.Any & (CommandRole.Interpreter | CommandRole.Connector)) != 0;
        if (line.HasSocket && (isShell || line.HasDuplex))
        {
            findings.Add(ReverseShell, line.Start, line.SocketEnd);
        }

        if ((line.HasFifo && line.Any.HasFlag(CommandRole.Connector)) || (line.IsInteractive && line.HasDuplex && isShell))
        {
            findings.Add(ReverseShell, line.Start, end);
        }

        if (line.FetcherStart >= 0 && line.EvaluatorStart >= 0 && line.IsEvaluating)
        {
            findings.Add(DownloadAndRun, Math.Min(line.FetcherStart, line.EvaluatorStart), end);
        }

        if (line.KeyEnd >= 0 && (line.Any & (CommandRole.Reader | CommandRole.Copier)) != 0)
        {
            var isTheft = line.HasKey && line.Any.HasFlag(CommandRole.Copier);
            findings.Add(isTheft ? CredentialTheft : Credentials, line.Start, line.KeyEnd);
        }

        // Everybody adds paths and completions to a profile; what fetches or decodes there runs at every start.
        var isLoaded = line.HasSocket || (line.Any & (CommandRole.Fetcher | CommandRole.Connector | CommandRole.Decoder)) != 0;
        line.PersistenceEnd = line.ProfileEnd >= 0 && isLoaded ? line.ProfileEnd : line.PersistenceEnd;
        if (line.PersistenceEnd >= 0 && line.HasAppend)
        {
            findings.Add(Persistence, line.Start, line.PersistenceEnd);
        }

        if ((line.StartupEnd >= 0 && line.Any.HasFlag(CommandRole.Registrar))
            || (line.Any.HasFlag(CommandRole.Scheduler) && (line.Any & (CommandRole.Interpreter | CommandRole.Host | CommandRole.Fetcher)) != 0))
        {
            findings.Add(Persistence, line.Start, end);
        }
    }
}
