namespace LlmGuard.Tool.Measuring;

/// <summary>What a run measured.</summary>
/// <param name="Policy">The policy's files.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Positive">The least action that counted as found.</param>
/// <param name="Files">The files in the order given.</param>
/// <param name="HasTexts">Whether wrong rows carry their texts.</param>
internal sealed record EvalReport(string Policy, string Revision, string Stage, string Positive, IReadOnlyList<FileScores> Files, bool HasTexts)
{
    /// <summary>All files together.</summary>
    public FileScores Total { get; } = Sum(Files);

    private static FileScores Sum(IReadOnlyList<FileScores> files)
    {
        var total = new FileScores("all files");
        foreach (var file in files)
        {
            total.Add(file);
        }

        return total;
    }
}
