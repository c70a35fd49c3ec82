using LlmGuard.Plugins.InjectionProtection.Prompts;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>Looks for prompts in a folded text and in its playful spellings. For one thread at a time.</summary>
internal sealed class PromptJudge
{
    // The spelling that is read with digits for letters.
    private const int Digits = 1;

    private readonly PromptDetector _prompts = new();
    private readonly WrappedLines _lines = new();
    private byte[] _reading = [];
    private int _used;

    /// <summary>Whether it has grown too large to be kept.</summary>
    public bool IsLarge => _prompts.IsLarge;

    /// <summary>Folds a text as it is judged.</summary>
    /// <exception cref="ScanBoundException">Too many characters that nobody sees stand in a row.</exception>
    public static void Fold(ReadOnlySpan<byte> text, FoldedText folded)
    {
        TextFolder.Fold(text, folded);
        if (folded.HasExcessiveIgnorables)
        {
            throw new ScanBoundException(ScanBound.Ignorables);
        }
    }

    /// <summary>
    /// Whether a folded text, of which more than the case was changed, tells all that its normalised view would: that is the same ASCII, in which
    /// no escape begins and nothing stands encoded.
    /// </summary>
    public static bool IsAllThatIsSeen(FoldedText folded)
    {
        var text = folded.Utf8;
        return !folded.IsIdentity && !folded.HasDropped && EscapeSigns.LengthOfPlain(text) == text.Length && !EscapeLayer.HasAny(text)
            && !EncodedStretches.MayHold(text);
    }

    /// <param name="text">The text.</param>
    /// <param name="folded">The text, folded.</param>
    /// <param name="types">The types to look for.</param>
    /// <param name="hits">Receives what is found, by the bytes of the text.</param>
    public void Find(ReadOnlySpan<byte> text, FoldedText folded, TypeSet types, HitList hits)
    {
        var mayHaveSigns = FindFolded(text, folded, types, hits);
        FindInSpellings(folded.Utf8, text.Length, types, mayHaveSigns, hits);
        if (folded.HasDropped && FoldTable.MayHide(text))
        {
            using var blanks = FoldedText.Rent();
            TextFolder.Fold(text, blanks, TagReading.AsText);
            hits.Steps += text.Length;
            FindFolded(text, blanks, types, hits);
        }
    }

    private bool FindFolded(ReadOnlySpan<byte> text, FoldedText folded, TypeSet types, HitList hits)
    {
        var (first, mayHaveSigns) = (hits.Hits.Count, RareSigns.MayStand(folded.Utf8));
        _prompts.Find(folded.Utf8, types, mayHaveSigns, hits);
        if (folded.Utf8.Contains((byte)'\n'))
        {
            FindInWrappedLines(text, folded, types, first, hits);
        }

        hits.Map(first, folded);
        return mayHaveSigns;
    }

    // Sentences that go on in the next line: what reaches over the end of a line is new, and what a line seemed to begin may be none.
    private void FindInWrappedLines(ReadOnlySpan<byte> text, FoldedText folded, TypeSet types, int first, HitList hits)
    {
        var reading = Room(folded.Utf8.Length);
        hits.Steps += folded.Utf8.Length;
        var second = hits.Hits.Count;
        if (hits.IsFull || (second == first && !_prompts.MayBeDivided(types)))
        {
            // Nothing that a line may have cut, and nothing that two may have parted.
            return;
        }

        if (!_lines.Join(text, folded, _prompts, types, reading) && !(_lines.IsWrapped && second > first))
        {
            return;
        }

        _prompts.Find(reading, types, mayHaveSigns: false, hits);
        if (hits.IsFull)
        {
            // What is not in a full list may be in the text all the same.
            return;
        }

        for (var i = second - 1; _lines.IsWrapped && i >= first; i--)
        {
            if (_lines.IsCut(folded.Utf8, hits.Hits[i].Start) && !hits.HasOver(second, hits.Hits[i]))
            {
                hits.Remove(i);
                second--;
            }
        }

        hits.Steps += (hits.Hits.Count - first) * (hits.Hits.Count - second + 1);
        for (var i = hits.Hits.Count - 1; i >= second; i--)
        {
            // The weak signs of the first sentence and of the last one are those of the text as it is written.
            if (hits.Hits[i].Rule == InjectionRules.PromptWeakSigns || !_lines.HasBreak(hits.Hits[i].Start, hits.Hits[i].End))
            {
                hits.Remove(i);
            }
        }
    }

    private void FindInSpellings(ReadOnlySpan<byte> folded, int length, TypeSet types, bool mayHaveSigns, HitList hits)
    {
        var reading = Room(folded.Length);
        hits.Steps += (mayHaveSigns ? 6 : 3) * folded.Length;
        for (var spelling = mayHaveSigns ? 0 : 3; spelling < 6; spelling++)
        {
            var count = spelling switch
            {
                0 => PlayfulSpelling.Rotate(folded, reading),
                Digits => PlayfulSpelling.ReadDigits(folded, reading),
                2 => PlayfulSpelling.Reverse(folded, reading),
                3 => PlayfulSpelling.JoinQuoted(folded, reading),
                4 => PlayfulSpelling.JoinSyllables(folded, reading),
                _ => PlayfulSpelling.JoinLetters(folded, reading),
            };
            if (count > 0)
            {
                // What is spelt so is one message, which is told as a whole. A document read so is none, so that nothing is inserted in it.
                var first = hits.Hits.Count;
                _prompts.Find(reading[..count], types.Without(InjectionType.IndirectInjection), mayHaveSigns: true, hits);
                if (spelling == Digits)
                {
                    hits.DropUnchanged(first, folded, reading);
                }

                hits.Cover(first, length);
            }
        }
    }

    private Span<byte> Room(int length)
    {
        if (_reading.Length < length)
        {
            _reading = new byte[Math.Max(256, length + (length / 4))];
        }

        _used = Math.Max(_used, length);
        return _reading.AsSpan(0, length);
    }

    /// <summary>Forgets the texts it has seen.</summary>
    public void Clear()
    {
        // No more than was written: a buffer that a long text left behind is not cleared for every short one.
        _reading.AsSpan(0, _used).Clear();
        _used = 0;
        _lines.Clear();
    }
}
