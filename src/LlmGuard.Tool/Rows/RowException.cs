namespace LlmGuard.Tool.Rows;

/// <summary>A line is not what it should be. Says where and what was expected, and quotes nothing of the line.</summary>
internal sealed class RowException : Exception
{
    /// <param name="path">JSON path, <c>$</c> for the line as a whole.</param>
    /// <param name="problem">What is wrong.</param>
    public RowException(string path, string problem)
        : base($"{path}: {problem}")
    {
    }

    /// <summary>The same, for a row whose id is known.</summary>
    public RowException(RowException problem, byte[]? id)
        : base(problem.Message, problem) => Id = id;

    /// <summary>The row's id as JSON, when it was read before the problem.</summary>
    public byte[]? Id { get; }
}
