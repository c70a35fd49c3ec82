using System.Text;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Lexing;

/// <summary>Texts that no author had in mind: pieces of several languages, cut anywhere and put together.</summary>
internal static class LexingFuzz
{
    private const int DefaultTexts = 600;
    private const int MostPieces = 14;

    private static readonly int Texts = FuzzBudget.Of(DefaultTexts);

    private static readonly string[] Pieces =
    [
        "'", "\"", "`", "${", "}", "{", "(", ")", "[", "]", "/", "//", "/*", "*/", "/*!50000 ", "--", "#", "#!", "<!--", "-->", "\\", "\\\n",
            "\\u0065", "\\u{65}", "\\u{", "\n", "\r\n", "\r", "\t", " ", "\0",
        "a", "eval", "return ", "if (", "x++", "1", "0x1F", "1e-5", ".5", "1..a", "=", "==", "=>", "<", ">", "</", "<script>", "</script", "<a href=",
            "<img src=x onerror=", "javascript:", "=\"", "='",
        "select ", "union all ", " or 1=1", "0x41", "@x", "@@version", "$$", "q'[", "]'", "[name]", "4you", "1union", "information_schema.tables",
            ";", ",", "|", "&&", "\u00E9", "\u4F60", "\u2028", "\u00A0", "\U0001F600",
        "f\"", "rb'", "\"\"\"", "'''", "<?php ", "Invoke-Expression", "a-b", "```js\n", "```", "~~~", "/bin/ca\\t", "c'a't", "/???/c?t", "${IFS}",
            "$@", "^", ".exe", "python3.11",
    ];

    /// <summary>The texts, always the same ones.</summary>
    public static IEnumerable<byte[]> All()
    {
        for (var seed = 0; seed < Texts; seed++)
        {
            yield return Text(new Random(seed));
        }
    }

    private static byte[] Text(Random random)
    {
        var bytes = new List<byte>();
        for (var i = random.Next(MostPieces); i >= 0; i--)
        {
            var piece = Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]);
            bytes.AddRange(random.Next(6) == 0 ? piece[..random.Next(piece.Length + 1)] : piece);
        }

        // Lexers are given what was read, which may have been cut within a character.
        if (random.Next(4) == 0)
        {
            bytes.Insert(random.Next(bytes.Count + 1), (byte)random.Next(256));
        }

        return [.. bytes];
    }

    /// <summary>What a failed law says of a text.</summary>
    public static string Show(byte[] text) => $"{Convert.ToHexString(text)} {Encoding.UTF8.GetString(text)}";
}
