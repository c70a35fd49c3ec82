using System.Text;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>A sign that is said to begin no escape is read as itself, whatever follows.</summary>
public sealed class EscapeSignsTests
{
    private static readonly string[] Pieces = ["%", "&", "\\", "41", "4", "1", "#", "x", "u", "U", "{", "}", ";", "amp", "lt", "0026", "00000025",
        "g", " ", "n", "r", "t", "b", "\u00E9", "\uFF05", "25"];

    [Test]
    public void IsPlain_GeneratedTexts_OnlyWhereTheReaderReadsNoEscape()
    {
        var plain = 0;
        for (var seed = 0; seed < 20000; seed++)
        {
            var random = new Random(seed);
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)])));
            for (var at = 0; at < text.Length; at++)
            {
                if (EscapeSigns.IsPlain(text, at))
                {
                    plain++;
                    foreach (var isEnd in new[] { false, true })
                    {
                        var reader = new EscapeReader(text, isEnd);
                        var unit = reader.Read(at);
                        Assert.That((unit.Value, unit.End, unit.IsEscape, reader.IsOpen), Is.EqualTo(((int)text[at], at + 1, false, false)), () =>
                            Encoding.UTF8.GetString(text));
                    }
                }
            }
        }

        Assert.That(plain, Is.GreaterThan(1000));
    }

    [Test]
    public void LengthOfPlain_GeneratedTexts_IsWhatTheReaderReadsAsItStands()
    {
        var (whole, none) = (0, 0);
        for (var seed = 0; seed < 20000; seed++)
        {
            var random = new Random(seed);
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)])));
            var length = EscapeSigns.LengthOfPlain(text);
            var reader = new EscapeReader(text, isEnd: false);
            for (var at = 0; at < length; at++)
            {
                var unit = reader.Read(at);
                Assert.That((unit.Value, unit.End, unit.IsEscape, reader.IsOpen), Is.EqualTo(((int)text[at], at + 1, false, false)), () =>
                    Encoding.UTF8.GetString(text));
            }

            Assert.That(length == text.Length || text[length] is >= 0x80 or (byte)'%' or (byte)'&' or (byte)'\\', Is.True, () =>
                Encoding.UTF8.GetString(text));
            whole += length == text.Length ? 1 : 0;
            none += length == 0 ? 1 : 0;
        }

        Assert.That(Math.Min(whole, none), Is.GreaterThan(1000));
    }

    [TestCase("5% of", 1, true)]
    [TestCase("5%\u00E9", 1, true, Description = "No digit is written so.")]
    [TestCase("R&D", 1, false, Description = "It may be the name of a character.")]
    [TestCase("a & b", 2, true)]
    [TestCase("5%", 1, false, Description = "Nobody knows how it goes on.")]
    public void IsPlain_Sign_DependsOnWhatFollows(string text, int at, bool isPlain) =>
        Assert.That(EscapeSigns.IsPlain(Encoding.UTF8.GetBytes(text), at), Is.EqualTo(isPlain));
}
