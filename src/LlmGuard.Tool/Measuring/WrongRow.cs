namespace LlmGuard.Tool.Measuring;

/// <summary>A row that was judged wrongly.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="IsMiss">Whether something was missed, rather than found where nothing was.</param>
/// <param name="Rules">The rules that fired.</param>
/// <param name="Text">The text, when texts may be reported; else null.</param>
internal sealed record WrongRow(long Line, bool IsMiss, string Rules, string? Text);
