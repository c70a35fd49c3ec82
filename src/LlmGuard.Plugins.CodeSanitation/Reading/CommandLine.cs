namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What is known of a command line so far; offsets are -1 where there is nothing.</summary>
internal struct CommandLine()
{
    /// <summary>Whether the next word is the name of a command.</summary>
    public bool IsFirst = true;

    /// <summary>Whether the next word may be one: it begins a string.</summary>
    public bool MayBeCommand;

    public bool IsPiped;
    public bool IsEvaluating;
    public bool HasSubstitution;

    /// <summary>Whether output and input are joined (<c>&gt;&amp;</c>).</summary>
    public bool HasDuplex;

    public bool HasAppend;
    public bool HasSocket;
    public bool HasFifo;
    public bool HasKey;
    public bool HasExecFlag;
    public bool IsInteractive;
    public bool IsRecursive;
    public bool IsPowerShell;

    /// <summary>Whether the copies are named that Windows keeps of its disks.</summary>
    public bool IsShadow;

    public bool DeletesBackup;

    /// <summary>Whether a drive is named that is to be formatted.</summary>
    public bool HasDrive;

    /// <summary>What the words of the line do, together.</summary>
    public CommandRole Any;

    /// <summary>What the last command does whose flags are being read.</summary>
    public CommandRole LastRole;

    public int Start = -1;
    public int FetcherStart = -1;
    public int EvaluatorStart = -1;
    public int DecoderStart = -1;
    public int RemoverStart = -1;
    public int InterpreterStart = -1;
    public int EncodedStart = -1;
    public int SocketEnd;
    public int KeyEnd = -1;
    public int PersistenceEnd = -1;
    public int ProfileEnd = -1;
    public int StartupEnd = -1;

    /// <summary>Goes on with the next command of a pipeline.</summary>
    public void NextStage() => (IsFirst, RemoverStart, LastRole) = (true, -1, CommandRole.None);

    /// <summary>Goes on with a command that takes nothing from the ones before, except what an evaluator still runs.</summary>
    public void EndPipeline()
    {
        NextStage();
        (IsPiped, DecoderStart, HasSubstitution) = (false, -1, false);
        if (!IsEvaluating)
        {
            (FetcherStart, EvaluatorStart) = (-1, -1);
        }
    }
}
