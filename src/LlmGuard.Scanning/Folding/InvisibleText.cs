using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Finds characters that hide in a text, one by one, see <see cref="InvisibleCharacters"/>. What is encoded in a text stays as it is.
/// </summary>
internal sealed class InvisibleText : IScanGrammar
{
    /// <summary>The only instance: plans of equal rules are one.</summary>
    public static InvisibleText Grammar { get; } = new();

    private InvisibleText()
    {
    }

    public int RuleCount => 1;

    public bool ReadsTextOnly => true;

    public int MaxLength => InvisibleCharacters.Reach;

    public IScanMatcher NewMatcher(int[] rules) => new Matcher(rules[0]);

    private sealed class Matcher(int rule) : IScanMatcher
    {
        public long Steps { get; private set; }

        public void Reset() => Steps = 0;

        // It keeps nothing between looks.
        public void CopyFrom(IScanMatcher other) => Reset();

        public long Find(in ScanWindow window, List<Candidate> found)
        {
            var bytes = window.Bytes;
            for (var at = window.Context; at < bytes.Length;)
            {
                var next = bytes[at..].IndexOfAny(InvisibleCharacters.FirstBytes);
                if (next < 0)
                {
                    break;
                }

                at += next;
                Steps++;
                Rune.DecodeFromUtf8(bytes[at..], out var rune, out var length);
                if (InvisibleCharacters.IsInvisible(rune.Value))
                {
                    var goes = InvisibleCharacters.Goes(bytes, at, rune.Value, length, window.IsEnd);
                    if (goes is null)
                    {
                        return window.Origin + at;
                    }

                    if (goes.Value)
                    {
                        found.Add(new Candidate(window.Origin + at, window.Origin + at + length, rule));
                    }
                }

                at += length;
            }

            return window.End;
        }
    }
}
