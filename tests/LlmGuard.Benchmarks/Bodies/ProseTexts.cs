using System.Text;

namespace LlmGuard.Benchmarks.Bodies;

/// <summary>
/// Distinct texts of one size such as people write to models: English words, numbers now and then, punctuation. No rule finds anything in them.
/// </summary>
/// <remarks>Therefore no word is the name of a month in any language: in front of a number it is a date.</remarks>
internal static class ProseTexts
{
    private const int Distinct = 32;

    private const string Words =
        "the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were her all she there would their we him been has when who will " +
        "more no if so said what up its about into than them can only other new some could time these two then do first any my now such like our over man me even most made after also did " +
        "many before must through back years where much your way well down should because each just those people how too little state good very make world still own see men work long get here between " +
        "both life being under never day same another know while last might us great old year off come since against go came right used take three summary please review function returns value request " +
        "response model answer question budget meeting schedule customer product release planning document section paragraph translate explain improve rewrite analysis quarterly numbers results however " +
        "therefore although customers delivery invoice project deadline Monday Tuesday London Paris Anna Mark table column server client network latency throughput storage memory thread process";

    private static readonly string[] All = Words.Split(' ');

    /// <summary>Texts of so many bytes.</summary>
    public static IReadOnlyList<byte[]> Of(int bytes) => [.. Enumerable.Range(0, Distinct).Select(seed => Text(bytes, seed))];

    private static byte[] Text(int bytes, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < bytes)
        {
            text.Append(random.Next(25) switch
            {
                0 => $"{random.Next(2000)} {Word(random)}",
                1 => $"{random.Next(100)}.{random.Next(10)}% of",
                2 => $"\"{Word(random)}\"",
                _ => Word(random),
            });
            text.Append(random.Next(12) switch { 0 => ". ", 1 => ", ", 2 => "\n", _ => " " });
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, bytes));
    }

    private static string Word(Random random) => All[random.Next(All.Length)];
}
