using System.Text;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Tests;

namespace LlmGuard.Scanning.Tests.Keywords;

/// <summary>
/// What is remembered of one word must not be taken for another's. The key differs from process to process; these hold for every key but for
/// accidents of 2^-62.
/// </summary>
public sealed class CleanWordCacheTests
{
    [Test]
    public void Hash_AllShortWords_AreDistinct()
    {
        var words = new List<string> { "" };
        for (var length = 0; length < 4; length++)
        {
            words.AddRange([.. words.Where(w => w.Length == length).SelectMany(w => "`abc".Select(c => w + c))]);
        }

        Assert.That(words.Select(Hash).Distinct().Count(), Is.EqualTo(words.Count));
    }

    [Test]
    public void Hash_WordsOfEveryLength_DependsOnEveryByte()
    {
        for (var length = 1; length <= 40; length++)
        {
            var word = new string('a', length);
            string[] others = [word + "a", .. Enumerable.Range(0, length).SelectMany(at => "`bq".Select(c => word[..at] + c + word[(at + 1)..]))];
            Assert.That(others.Append(word).Select(Hash).Distinct().Count(), Is.EqualTo(others.Length + 1), word);
        }
    }

    // Also in texts that are shorter than what is read at once of a longer one.
    [TestCase(3)]
    [TestCase(15)]
    [TestCase(16)]
    [TestCase(60)]
    public void Hash_WordInText_IsThatOfTheWordAlone(int length)
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length).Select(i => (char)('!' + i))));
        using var guarded = OperatingSystem.IsLinux() ? new GuardedBytes() : null;
        var text = guarded is null ? (ReadOnlySpan<byte>)bytes : guarded.AtEnd(bytes);
        for (var start = 0; start <= text.Length; start++)
        {
            for (var end = start; end <= text.Length; end++)
            {
                Assert.That(CleanWordCache.Hash(text, start, end), Is.EqualTo(CleanWordCache.Hash(text[start..end])), $"{start} to {end}");
            }
        }
    }

    // Two lengths whose difference another byte makes up for.
    [TestCase("b", "ab")]
    [TestCase("bomb", "comba")]
    [TestCase("weapons", "xeaponss")]
    public void Hash_LettersChosenAgainstTheLength_IsAnother(string left, string right)
    {
        for (var first = 1; first < 0x80; first++)
        {
            Assert.That(Hash((char)first + right[1..]), Is.Not.EqualTo(Hash(left)));
        }
    }

    [Test]
    public void BeginsNothing_WordWithinPhrases_IsNotTakenForClean()
    {
        var cache = new CleanWordCache();
        var (clean, within, other) = (Hash("clean"), Hash("within"), Hash("other"));
        cache.Add(clean);
        cache.AddWithin(within);
        Assert.That((cache.Contains(clean), cache.Contains(within), cache.Contains(other)), Is.EqualTo((true, false, false)));
        Assert.That((cache.BeginsNothing(clean), cache.BeginsNothing(within), cache.BeginsNothing(other)), Is.EqualTo((true, true, false)));
    }

    private static ulong Hash(string word) => CleanWordCache.Hash(Encoding.ASCII.GetBytes(word));
}
