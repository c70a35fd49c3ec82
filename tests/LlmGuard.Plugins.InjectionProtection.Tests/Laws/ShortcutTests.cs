using System.Text;
using LlmGuard.Plugins.InjectionProtection.Prompts;
using LlmGuard.Plugins.InjectionProtection.Prompts.Leaks;
using LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;
using LlmGuard.Plugins.InjectionProtection.Prompts.Personas;
using LlmGuard.Plugins.InjectionProtection.Prompts.Turns;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Reading;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;
using LlmGuard.Tests.Fuzzing;
using WordReader = LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordReader;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Laws;

/// <summary>What is skipped for speed is never what would have counted.</summary>
public sealed class ShortcutTests
{
    private static readonly int Texts = FuzzBudget.Of(400);

    private static readonly string[] Files =
        ["attacks", "ordinary", "inserted", "read", "blind_attacks", "blind_ordinary", "blind_inserted", "blind_read"];

    [Test]
    public void EndOf_AnyTextFromAnyOffset_IsWhereAByteByByteSearchEnds()
    {
        var random = new Random(1);
        for (var n = 0; n < Texts; n++)
        {
            // Mostly letters, so that runs pass the ends of blocks.
            var text = new byte[random.Next(300)];
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = random.Next(40) == 0 ? (byte)random.Next(256) : (byte)('a' + random.Next(26));
            }

            var runs = new LetterRuns(text);
            for (var from = 0; from < text.Length; from += 1 + random.Next(5))
            {
                var end = from;
                while (end < text.Length && AsciiByte.IsAlphanumeric(text[end]))
                {
                    end++;
                }

                Assert.That(runs.EndOf(from), Is.EqualTo(end), $"text {n} from {from}");
            }
        }
    }

    [Test]
    public void MayHaveObject_AnyVerbOfAnyText_IsTrueWhereTheSlotsFindOne()
    {
        var rows = Files.SelectMany(Rows.Read).Select(r => r.Text).ToArray();
        var random = new Random(2);
        var mixed = Enumerable.Range(0, Texts).Select(_ => Mixed(rows, random));
        var objects = rows.Concat(mixed).Sum(CountObjects);
        Assert.That(objects, Is.GreaterThan(1000), "texts without an object prove nothing");
    }

    [Test]
    public void MayBe_AnyWordOfAnyText_IsTrueWhereAGrammarFindsAnything()
    {
        var rows = Files.SelectMany(Rows.Read).Select(r => r.Text).ToArray();
        var random = new Random(3);
        var found = rows.Concat(Enumerable.Range(0, Texts).Select(_ => Mixed(rows, random))).Sum(CountFound);
        Assert.That(found, Is.GreaterThan(100), "texts in which nothing is found prove nothing");
    }

    private static int CountFound(string text)
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold(Encoding.UTF8.GetBytes(text), folded);
        var row = new WordRow();
        WordReader.Read(folded.Utf8, row);
        var (hits, found) = (new HitList(), 0);
        var (overrides, requests) = (OverrideGrammar.WaysIn(row.All), ExtractionGrammar.WaysIn(row));
        for (var i = 0; i < row.Count; i++)
        {
            var places = row.PlacesFrom(i);
            OverrideGrammar.Judge(row.Words, i, folded.Utf8, hits);
            Assert.That(hits.Hits.Count == 0 || IsFirst(OverrideGrammar.MayBe(places, overrides)), Is.True, $"override at word {i} of: {text}");
            found += hits.Hits.Count;
            hits.Clear();
            ExtractionGrammar.Judge(row.Words, i, folded.Utf8, hits);
            Assert.That(hits.Hits.Count == 0 || IsFirst(ExtractionGrammar.MayBe(places, requests)), Is.True, $"extraction at word {i} of: {text}");
            found += hits.Hits.Count;
            hits.Clear();
        }

        return found;
    }

    private static bool IsFirst(WordPlaces.Places places) => (places.Bits & 1) != 0;

    [Test]
    public void MayCount_AnyWordOfAnyText_IsTrueWhereASignalIsTaken()
    {
        var rows = Files.SelectMany(Rows.Read).Select(r => r.Text).ToArray();
        var random = new Random(5);
        var (taken, passed) = rows.Concat(Enumerable.Range(0, Texts).Select(_ => Mixed(rows, random))).Aggregate((Taken: 0, Passed: 0), CountTaken);
        Assert.That(taken, Is.GreaterThan(1000), "texts without a signal prove nothing");
        Assert.That(passed, Is.GreaterThan(1000), "texts in which every word may count prove nothing");
    }

    private static (int Taken, int Passed) CountTaken((int Taken, int Passed) sum, string text)
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold(Encoding.UTF8.GetBytes(text), folded);
        var row = new WordRow();
        WordReader.Read(folded.Utf8, row);
        var ways = PersonaSignals.WaysIn(row.All);
        for (var i = 0; i < row.Count; i++)
        {
            var signals = default(PersonaSignals);
            var mayCount = IsFirst(PersonaSignals.MayCount(row.PlacesFrom(i), ways));
            signals.Take(row.Words, i, folded.Utf8);
            Assert.That(mayCount || signals.Equals(default(PersonaSignals)), Is.True, $"word {i} of: {text}");
            sum = (sum.Taken + (signals.Equals(default(PersonaSignals)) ? 0 : 1), sum.Passed + (mayCount ? 0 : 1));
        }

        return sum;
    }

    [Test]
    public void WithAnyAddress_AnyText_IsAtLeastWhatIsRead()
    {
        var rows = Files.SelectMany(Rows.Read).Select(r => r.Text).ToArray();
        var random = new Random(6);
        var more = rows.Concat(Enumerable.Range(0, Texts).Select(_ => Mixed(rows, random))).Count(GainsByAddress);
        Assert.That(more, Is.GreaterThan(100), "texts in which nobody is addressed prove nothing");
    }

    // All words are asked in one go here, and those alone that may tell anything as the detector has it.
    private static bool GainsByAddress(string text)
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold(Encoding.UTF8.GetBytes(text), folded);
        var row = new WordRow();
        WordReader.Read(folded.Utf8, row);
        var signals = new PersonaSignals();
        for (var i = 0; i < row.Count; i++)
        {
            signals.Take(row.Words, i, folded.Utf8);
        }

        var (most, all, few, before) = (signals.WithAnyAddress(), signals, signals, signals.Score);
        all.ReadAddress(row.Words, folded.Utf8);
        few.ReadAddress(row, folded.Utf8);
        Assert.That(few, Is.EqualTo(all), text);
        Assert.That(most.Score, Is.GreaterThanOrEqualTo(all.Score), text);
        Assert.That(most.IsAboutReader || !all.IsAboutReader, Is.True, text);
        return all.Score > before || (all.IsAboutReader && !signals.IsAboutReader);
    }

    [Test]
    public void MayBeDivided_AnyBreakOfAnyText_IsTrueOfTheTextWhereItIsOfTheBreak()
    {
        var rows = Files.SelectMany(Rows.Read).Select(r => r.Text).ToArray();
        var types = default(TypeSet).With(InjectionType.PromptInjection).With(InjectionType.IndirectInjection);
        var (random, detector, hits, divided) = (new Random(7), new PromptDetector(), new HitList(), 0);
        foreach (var text in rows.Concat(Enumerable.Range(0, Texts).Select(_ => Mixed(rows, random))).Select(Encoding.UTF8.GetBytes))
        {
            using var folded = FoldedText.Rent();
            TextFolder.Fold(text, folded);
            detector.Find(folded.Utf8, types, mayHaveSigns: false, hits);
            hits.Clear();
            for (var at = 0; at < folded.Utf8.Length; at += 7)
            {
                divided += detector.MayBeDivided(at, types) ? 1 : 0;
                Assert.That(detector.MayBeDivided(types) || !detector.MayBeDivided(at, types), Is.True, $"at {at}: {Encoding.UTF8.GetString(text)}");
            }
        }

        Assert.That(divided, Is.GreaterThan(100));
    }

    [Test]
    public void MayStand_AnyText_IsTrueWhereASignIsFoundOrASpellingRead()
    {
        string[] pieces =
        [
            .. RoleMarkers.Signs, .. PlayfulSpelling.Signs, "<|im_end|>", "a1b", "i!g", "n0re", "s3t", "x@y", "p4$5w", " ", "\n", "word ", "12.5% ",
            "v2.11 ", "end of ", "<", "[", "# ", "\u00E9", new string('a', 61),
        ];
        var (random, reading, found) = (new Random(4), new byte[4096], 0);
        for (var n = 0; n < 10 * Texts; n++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Piece(pieces, random))));
            var hits = new HitList();
            RoleMarkers.Find(text, hits);
            var isFound = hits.Hits.Count > 0 || PlayfulSpelling.Rotate(text, reading) > 0 || PlayfulSpelling.ReadDigits(text, reading) > 0
                || PlayfulSpelling.Reverse(text, reading) > 0;
            Assert.That(!isFound || RareSigns.MayStand(text), Is.True, () => Encoding.UTF8.GetString(text));
            found += isFound ? 1 : 0;
        }

        Assert.That(found, Is.GreaterThan(Texts));
    }

    private static string Piece(string[] pieces, Random random)
    {
        var piece = pieces[random.Next(pieces.Length)];
        return random.Next(4) == 0 ? piece[random.Next(piece.Length)..] : piece;
    }

    private static int CountObjects(string text)
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold(Encoding.UTF8.GetBytes(text), folded);
        var row = new WordRow();
        WordReader.Read(folded.Utf8, row);
        var words = row.Words;
        var objects = 0;
        for (var verb = 0; verb < words.Length; verb++)
        {
            var slots = default(ExtractionSlots);
            for (var i = verb + 1; i < words.Length && i <= verb + ExtractionGrammar.Forward; i++)
            {
                slots.Take(words, i, folded.Utf8, isForm: false);
            }

            for (var i = verb - 1; i >= 0 && i >= verb - ExtractionGrammar.Backward; i--)
            {
                slots.Take(words, i, folded.Utf8, isForm: false);
            }

            objects += slots.HasObject ? 1 : 0;
            Assert.That(!slots.HasObject || IsFirst(ExtractionSlots.MayHaveObject(row.PlacesFrom(verb))), Is.True, $"word {verb} of: {text}");
        }

        return objects;
    }

    // Words of several rows among each other.
    private static string Mixed(string[] rows, Random random)
    {
        var words = Enumerable.Range(0, 3).SelectMany(_ => rows[random.Next(rows.Length)].Split(' ').Take(30)).ToArray();
        random.Shuffle(words);
        return string.Join(' ', words);
    }
}
