using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Divides a text into words and sentences.</summary>
internal static class WordReader
{
    private const int LongestWord = 48;

    /// <param name="text">The text, folded and in lower case.</param>
    /// <param name="words">Receives the words.</param>
    public static void Read(ReadOnlySpan<byte> text, List<Word> words)
    {
        words.Clear();
        var (sentence, isStart) = (0, true);
        for (var at = 0; at < text.Length;)
        {
            var b = text[at];
            if (!IsWord(b))
            {
                if (b is (byte)'\n' or (byte)'|' or (byte)'{' or (byte)'[' or (byte)'<' || (b is (byte)'.' or (byte)'!' or (byte)'?' or (byte)':' or (byte)'>' or (byte)'"' or (byte)'\'' or (byte)'}' && Ends(text, at)))
                {
                    sentence += isStart ? 0 : 1;
                    isStart = true;
                }

                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && (IsWord(text[at]) || (text[at] is (byte)'\'' or (byte)'-' && at + 1 < text.Length && AsciiByte.IsLetter(text[at + 1]) && at > start)))
            {
                at++;
            }

            words.Add(new Word(at - start <= LongestWord ? Lexicon.Find(text[start..at]) : WordClass.None, start, at, sentence, isStart));
            isStart = false;
        }
    }

    private static bool IsWord(byte b) => AsciiByte.IsAlphanumeric(b) || b >= 0x80 || b == '_';

    // A point within an abbreviation or a number ends nothing.
    private static bool Ends(ReadOnlySpan<byte> text, int at) => at + 1 >= text.Length || text[at + 1] is <= (byte)' ' or (byte)'"' or (byte)'\'' or (byte)')' || text[at] is (byte)'"' or (byte)'>' or (byte)'}' or (byte)'\'' or (byte)'.' && AsciiByte.IsLetter(text[at + 1]);
}
