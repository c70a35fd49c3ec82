namespace LlmGuard.Scanning.Folding;

/// <summary>A word of the keywords that a word of the text resembles.</summary>
/// <param name="Word">The word's number.</param>
/// <param name="Edits">How many edits apart.</param>
/// <param name="Length">Length of the longer of the two in code points.</param>
internal readonly record struct WordHit(int Word, int Edits, int Length)
{
    /// <summary>Adds a hit unless a better one of the same word is there.</summary>
    public static void Add(List<WordHit> hits, WordHit hit)
    {
        for (var i = 0; i < hits.Count; i++)
        {
            if (hits[i].Word == hit.Word)
            {
                if (hit.Edits < hits[i].Edits)
                {
                    hits[i] = hit;
                }

                return;
            }
        }

        hits.Add(hit);
    }
}
