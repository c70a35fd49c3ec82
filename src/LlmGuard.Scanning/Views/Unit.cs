namespace LlmGuard.Scanning.Views;

/// <summary>One character of a text as a program that resolves escapes would read it.</summary>
/// <param name="Value">The code point, or a byte of one when <paramref name="IsByte"/>.</param>
/// <param name="End">The offset after it.</param>
/// <param name="IsByte">Whether it is a byte outside ASCII that an escape stands for.</param>
/// <param name="IsEscape">Whether an escape stands for it.</param>
internal readonly record struct Unit(int Value, int End, bool IsByte, bool IsEscape);
