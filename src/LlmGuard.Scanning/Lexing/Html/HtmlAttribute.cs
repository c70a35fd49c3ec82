namespace LlmGuard.Scanning.Lexing.Html;

/// <summary>An attribute of a tag, by offsets of the text.</summary>
/// <param name="NameStart">First byte of the name.</param>
/// <param name="NameEnd">The offset after the name.</param>
/// <param name="ValueStart">First byte of the value, without quotes.</param>
/// <param name="ValueEnd">The offset after the value; the start when there is none.</param>
internal readonly record struct HtmlAttribute(int NameStart, int NameEnd, int ValueStart, int ValueEnd);
