namespace LlmGuard.Remote.Judging;

/// <summary>Content a judge cannot be asked about. An input failure with this reason.</summary>
/// <param name="reason">A code of <see cref="FailureReasons"/>.</param>
internal sealed class UninspectableContentException(string reason) : Exception("The content cannot be put before the judge.")
{
    public string Reason => reason;
}
