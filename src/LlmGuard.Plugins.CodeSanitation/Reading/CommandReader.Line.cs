namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <content>What a line of commands has shown so far.</content>
internal sealed partial class CommandReader
{
    /// <summary>What is known of the line so far; offsets are -1 where there is nothing.</summary>
    private struct Line
    {
        public Line() =>
            (IsFirst, Start, FetcherStart, EvaluatorStart, DecoderStart, RemoverStart, InterpreterStart, EncodedStart, KeyEnd, PersistenceEnd,
            ProfileEnd, StartupEnd) = (true, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);

        public bool IsFirst;
        public bool MayBeCommand;
        public bool IsPiped;
        public bool IsEvaluating;
        public bool HasSubstitution;
        public bool HasDuplex;
        public bool HasAppend;
        public bool HasSocket;
        public bool HasFifo;
        public bool HasKey;
        public bool HasExecFlag;
        public bool IsInteractive;
        public bool IsRecursive;
        public bool IsPowerShell;
        public bool IsShadow;
        public bool DeletesBackup;
        public CommandRole Any;
        public CommandRole LastRole;
        public int Start;
        public int FetcherStart;
        public int EvaluatorStart;
        public int DecoderStart;
        public int RemoverStart;
        public int InterpreterStart;
        public int EncodedStart;
        public int SocketEnd;
        public int KeyEnd;
        public int PersistenceEnd;
        public int ProfileEnd;
        public int StartupEnd;

        public void NextStage() => (IsFirst, RemoverStart, LastRole) = (true, -1, CommandRole.None);

        public void EndPipeline()
        {
            NextStage();
            (IsPiped, DecoderStart, FetcherStart, HasSubstitution) = (false, -1, IsEvaluating ? FetcherStart : -1, false);
            EvaluatorStart = IsEvaluating ? EvaluatorStart : -1;
        }
    }
}
