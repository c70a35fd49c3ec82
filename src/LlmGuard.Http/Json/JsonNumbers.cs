namespace LlmGuard.Http.Json;

/// <summary>What the spelling of a JSON number says about it.</summary>
internal static class JsonNumbers
{
    private const int MostWholeDigits = 3;

    // Shorter ones are too short for any identifier, and somebody may well look for "3.14".
    private const int ShortestLength = 8;

    /// <summary>
    /// Whether a number is a measure: a long fraction behind at most three digits, as coordinates, scores and the elements of embeddings are. Nobody
    /// is named and nothing is said by one, while its digits look like a card or telephone number every so often: judging them would turn values of
    /// a vector into masks, and one answer of an embedding model into a hundred thousand texts.
    /// </summary>
    public static bool IsMeasure(ReadOnlySpan<byte> number)
    {
        var digits = number.StartsWith("-"u8) ? number[1..] : number;
        var whole = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (number.Length < ShortestLength || whole is < 1 or > MostWholeDigits)
        {
            return false;
        }

        // With a positive exponent the point stands elsewhere.
        var exponent = digits.IndexOfAny("eE"u8);
        return exponent < 0 || digits[exponent + 1] == '-';
    }
}
