namespace LlmGuard.Gateway.ToyModel;

/// <summary>What the toy model says.</summary>
internal static class ToyAnswer
{
    public static string To(string prompt) => prompt.Contains("support", StringComparison.OrdinalIgnoreCase)
        ? "You reach support at help.desk@example.com or +1 415 555 0132."
        : $"I read: {prompt}";

    /// <summary>The answer in pieces of a few characters, as models stream them; surrogate pairs stay together.</summary>
    public static IReadOnlyList<string> Pieces(string text)
    {
        var pieces = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(start + 4, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
            {
                end++;
            }

            pieces.Add(text[start..end]);
            start = end;
        }

        return pieces;
    }
}
