namespace LlmGuard.Remote.Judging;

/// <summary>An answer without a usable verdict: an input failure, since whoever writes the text may be able to bring it about.</summary>
internal sealed class UnusableAnswerException() : Exception("The judge's answer holds no usable verdict.");
