using System.Text;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Scanning.Tests.Lexing;

/// <summary>Marks looked for at once are those that stand in the text.</summary>
public sealed class LanguageMarksTests
{
    // Some are looked for by the same two bytes.
    private static readonly string[] Words =
    [
        "require(", "require '", "->", "?>", ":= ", "self.", "\ndef ", "<?php", "function (", "function(", "import os\n", "import org.", "NULL",
        "let ", "let mut ",
    ];

    [Test]
    public void Find_GeneratedTexts_FindsWhatStandsInThem()
    {
        byte[][] marks = [.. Words.Select(Encoding.ASCII.GetBytes)];
        var set = new LanguageMarks(marks);
        var (found, missed) = (0, 0);
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Piece(random))));
            var bits = set.Find(text);
            for (var mark = 0; mark < marks.Length; mark++)
            {
                var stands = text.AsSpan().IndexOf(marks[mark]) >= 0;
                Assert.That((bits >> mark & UInt128.One) != 0, Is.EqualTo(stands), $"{Words[mark]} in {Encoding.ASCII.GetString(text)}");
                (found, missed) = (found + (stands ? 1 : 0), missed + (stands ? 0 : 1));
            }
        }

        Assert.That((found, missed), Is.GreaterThan((10_000, 10_000)));
    }

    [TestCase("def f(self):\n    return self.x\n", ExpectedResult = nameof(CodeLanguages.Python))]
    [TestCase("const f = () => { return require('x'); }", ExpectedResult = nameof(CodeLanguages.JavaScript))]
    [TestCase("<?php echo `ls`; ?>", ExpectedResult = nameof(CodeLanguages.Php))]
    [TestCase("Write-Host (Get-Date)", ExpectedResult = nameof(CodeLanguages.PowerShell), Description = "The last of all.")]
    [TestCase("plain words alone", ExpectedResult = nameof(CodeLanguages.None))]
    public string Of_Program_IsItsLanguage(string text) => LanguageGuess.Of(Encoding.ASCII.GetBytes(text)).ToString();

    // A mark, a part of one, or something else.
    private static string Piece(Random random)
    {
        var word = Words[random.Next(Words.Length)];
        return random.Next(3) switch
        {
            0 => word,
            1 => word[random.Next(word.Length)..],
            _ => word[..random.Next(word.Length)] + " ",
        };
    }
}
