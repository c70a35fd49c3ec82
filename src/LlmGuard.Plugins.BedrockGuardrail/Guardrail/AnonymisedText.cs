using System.Text;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>What Bedrock has changed in a text, found by laying the masked text over the original.</summary>
/// <remarks>
/// Bedrock answers with the whole masked text and without offsets. It is taken apart into what stayed, byte for byte, and placeholders that stand
/// where a reported match stood. Whatever way that is done, the changes make of the original exactly Bedrock's text; where it cannot be done
/// there is no answer at all.
/// </remarks>
internal static class AnonymisedText
{
    /// <summary>Most comparisons of matches with the text: a bound on hostile texts, far above what real ones need.</summary>
    public const int MaxComparisons = 2_000_000;

    private const int MaxPlaceholder = 160;

    /// <summary>
    /// The changes, in order; null when the masked text is not the original with reported matches replaced, or leaves one of them as it was.
    /// </summary>
    /// <param name="original">Valid UTF-8.</param>
    /// <param name="masked">What Bedrock made of it.</param>
    /// <param name="anonymised">What Bedrock says it has masked.</param>
    public static IReadOnlyList<Change>? Align(ReadOnlySpan<byte> original, string masked, IReadOnlyList<Anonymised> anonymised)
    {
        var candidates = anonymised.Where(a => a.Match.Length > 0).DistinctBy(a => (a.Match, a.Name))
            .Select(a => new Candidate(Encoding.UTF8.GetBytes(a.Match), a))
            .OrderByDescending(c => c.Match.Length)
            .ToArray();
        return new Search(original, Encoding.UTF8.GetBytes(masked), candidates).Run();
    }

    /// <summary>A change.</summary>
    /// <param name="Span">What was replaced.</param>
    /// <param name="Text">What it became.</param>
    /// <param name="Cause">Why.</param>
    internal readonly record struct Change(TextSpan Span, string Text, AssessmentCause Cause);

    private readonly record struct Candidate(byte[] Match, Anonymised Source);

    /// <summary>Where the search stood when it chose a candidate, to choose another when that leads nowhere.</summary>
    private readonly record struct Choice(int InOriginal, int InMasked, int Next, bool MayCopy);

    private ref struct Search(ReadOnlySpan<byte> original, ReadOnlySpan<byte> masked, Candidate[] candidates)
    {
        private readonly ReadOnlySpan<byte> _original = original;
        private readonly ReadOnlySpan<byte> _masked = masked;
        private readonly List<Change> _changes = [];
        private readonly Stack<Choice> _choices = [];
        private int _comparisons;

        public List<Change>? Run()
        {
            var (i, j) = (0, 0);
            while (true)
            {
                var (run, mayCopy) = Copy(i, j);
                (i, j) = (i + run, j + run);
                var isEnd = i == _original.Length && j == _masked.Length;
                if (isEnd && CoversAll())
                {
                    return _changes;
                }

                var choice = new Choice(i, j, isEnd ? candidates.Length : 0, mayCopy);
                while (!TryChoose(choice, out i, out j))
                {
                    if (_comparisons > MaxComparisons || !_choices.TryPop(out choice))
                    {
                        return null;
                    }

                    _changes.RemoveAt(_changes.Count - 1);
                }
            }
        }

        // A match may lie within the mask of a longer one, but something has taken its place.
        private bool CoversAll()
        {
            foreach (var candidate in candidates)
            {
                var isCovered = false;
                foreach (var change in _changes)
                {
                    _comparisons++;
                    isCovered = _original.Slice(change.Span.Start, change.Span.Length).IndexOf(candidate.Match) >= 0;
                    if (isCovered)
                    {
                        break;
                    }
                }

                if (!isCovered)
                {
                    return false;
                }
            }

            return true;
        }

        // What is the same in both, up to where a placeholder may begin.
        private readonly (int Length, bool MayCopy) Copy(int i, int j)
        {
            var run = _original[i..].CommonPrefixLength(_masked[j..]);
            var opening = _masked.Slice(j, run).IndexOfAny((byte)'{', (byte)'[');
            return opening < 0 ? (run, false) : (opening, true);
        }

        private bool TryChoose(Choice choice, out int i, out int j)
        {
            (i, j) = (choice.InOriginal, choice.InMasked);
            if (choice.Next < candidates.Length && PlaceholderAt(j) is { } placeholder)
            {
                for (var k = choice.Next; k < candidates.Length; k++)
                {
                    var candidate = candidates[k];
                    _comparisons++;
                    if (_original[i..].StartsWith(candidate.Match) && Names(placeholder, candidate.Source.Name))
                    {
                        _choices.Push(choice with { Next = k + 1 });
                        _changes.Add(new Change(new TextSpan(i, candidate.Match.Length), placeholder, candidate.Source.Cause));
                        i += candidate.Match.Length;
                        j += Encoding.UTF8.GetByteCount(placeholder);
                        return true;
                    }
                }
            }

            if (choice.MayCopy)
            {
                // The bracket is one of the text's own.
                (i, j) = (i + 1, j + 1);
            }

            return choice.MayCopy;
        }

        private readonly string? PlaceholderAt(int j)
        {
            var rest = _masked[j..];
            rest = rest[..Math.Min(rest.Length, MaxPlaceholder)];
            if (rest.IsEmpty || rest[0] is not ((byte)'{' or (byte)'['))
            {
                return null;
            }

            var end = rest.IndexOf(rest[0] == '{' ? (byte)'}' : (byte)']');
            return end < 0 ? null : Encoding.UTF8.GetString(rest[..(end + 1)]);
        }

        // {EMAIL}, or with a number where several are told apart: {EMAIL-2}.
        private static bool Names(string placeholder, string name)
        {
            var inner = placeholder.AsSpan(1, placeholder.Length - 2);
            if (!inner.StartsWith(name, StringComparison.Ordinal))
            {
                return false;
            }

            var rest = inner[name.Length..];
            return rest.IsEmpty || (rest.Length > 1 && rest[0] is '-' or '_' && !rest[1..].ContainsAnyExceptInRange('0', '9'));
        }
    }
}
