namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>Tells whether an interpreter may be given a program in a text. Says "perhaps" too often and "no" never wrongly.</summary>
internal static class CommandRunners
{
    /// <summary>Whether a pipe stands anywhere, or a flag behind which a program does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public static bool MayBeGiven(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += 3 * text.Length;
        return HasPipe(text) || HasFlag(text, "-c"u8) || HasFlag(text, "-e"u8);
    }

    // Two bars are no pipe.
    private static bool HasPipe(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOf((byte)'|') is >= 0 and var found; at += found + 1)
        {
            var bar = at + found;
            if ((bar == 0 || text[bar - 1] != '|') && (bar + 1 == text.Length || text[bar + 1] != '|'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasFlag(ReadOnlySpan<byte> text, ReadOnlySpan<byte> flag)
    {
        for (var at = 0; text[at..].IndexOf(flag) is >= 0 and var found; at += found + flag.Length)
        {
            if (CodeTriggers.IsCommand(text, at + found, flag.Length))
            {
                return true;
            }
        }

        return false;
    }
}
