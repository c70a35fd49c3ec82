using System.Numerics;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <summary>
/// Finds suffixes that were searched for by an optimiser: behind a request for something harmful stands a row of fragments that is neither prose nor
/// code. Brackets are closed in both, and signs stand there in few ways;
/// what an optimiser leaves has many signs of many kinds that belong to nothing.
/// </summary>
internal static class AdversarialSuffix
{
    // Suffixes have twenty to a hundred tokens; behind long texts and lines stands code.
    private const int Longest = 160;
    private const int MostLines = 3;

    private const int LeastJoints = 5;
    private const int LeastKinds = 4;

    // In so many words of a suffix is one joint.
    private const int WordsPerJoint = 5;

    // The same sign so often, each alone, as optimisers begin.
    private const int LeastRepeats = 10;

    /// <param name="row">The words.</param>
    /// <param name="text">The text.</param>
    /// <param name="hits">Receives what is found.</param>
    public static void Find(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        if (row.Count > Longest)
        {
            return;
        }

        foreach (var i in row.Of(Harm))
        {
            // What begins with a command or a question and asks for harm in its first sentence.
            var words = row.Words;
            if (words[i].Sentence > 1 || !words[0].Is(Work | Reveal | Comply | Question | Play | Polite))
            {
                return;
            }

            hits.Steps += text.Length;
            if (IsSalad(text[words[i].End..]))
            {
                hits.Add(InjectionRules.JailbreakSuffix, words[0].Start, words[^1].End);
            }

            return;
        }
    }

    private static bool IsSalad(ReadOnlySpan<byte> rest)
    {
        var (joints, kinds, depth, lone, words, lines) = (0, 0UL, default(Depths), 0, 0, 0);
        for (var i = 0; i < rest.Length; i++)
        {
            var b = rest[i];
            if (AsciiByte.IsAlphanumeric(b) || b >= 0x80)
            {
                words += i == 0 || !(AsciiByte.IsAlphanumeric(rest[i - 1]) || rest[i - 1] >= 0x80) ? 1 : 0;
                continue;
            }

            lines += b == (byte)'\n' ? 1 : 0;
            if (b <= (byte)' ')
            {
                continue;
            }

            depth.Take(b);
            var (before, behind) = (i > 0 ? rest[i - 1] : (byte)' ', i + 1 < rest.Length ? rest[i + 1] : (byte)' ');
            lone = IsLone(rest, i, b) ? lone + 1 : lone;
            if (IsOdd(before, b, behind))
            {
                joints++;
                kinds |= 1UL << (b & 63);
            }
        }

        return lines <= MostLines
            && (lone >= LeastRepeats
                || (joints >= LeastJoints && BitOperations.PopCount(kinds) >= LeastKinds && joints * WordsPerJoint >= words && !depth.AreClosed));
    }

    // "! ! !".
    private static bool IsLone(ReadOnlySpan<byte> rest, int i, byte b) => i >= 2 && rest[i - 1] == (byte)' ' && rest[i - 2] == b;

    // A sign where prose has none: between letters, on the wrong side of a word, or next to another sign.
    private static bool IsOdd(byte before, byte b, byte behind) => b switch
    {
        (byte)'.' or (byte)',' or (byte)'?' or (byte)'!' or (byte)';' or (byte)':' =>
            before <= (byte)' ' || (IsSign(behind) && behind != b && !IsQuote(behind)),
        (byte)'(' or (byte)'[' => IsLetter(before) || IsSign(behind) && !IsQuote(behind),
        (byte)')' or (byte)']' => IsLetter(behind) || before <= (byte)' ' || behind is (byte)'(' or (byte)'[' or (byte)'{',
        (byte)'-' or (byte)'\'' or (byte)'"' or (byte)'/' or (byte)'%' or (byte)'$' or (byte)'&' or (byte)'_' =>
            IsSign(behind) && behind != b && IsSign(before),
        _ => true,
    };

    private static bool IsLetter(byte b) => AsciiByte.IsLetter(b) || b >= 0x80;

    private static bool IsSign(byte b) => b > (byte)' ' && b < 0x80 && !AsciiByte.IsAlphanumeric(b);

    private static bool IsQuote(byte b) => b is (byte)'"' or (byte)'\'' or (byte)')' or (byte)']';

    /// <summary>Brackets of each kind that are open.</summary>
    private struct Depths
    {
        private int _round;
        private int _square;
        private int _curly;

        public readonly bool AreClosed => _round == 0 && _square == 0 && _curly == 0;

        public void Take(byte b)
        {
            _round += b == (byte)'(' ? 1 : b == (byte)')' ? -1 : 0;
            _square += b == (byte)'[' ? 1 : b == (byte)']' ? -1 : 0;
            _curly += b == (byte)'{' ? 1 : b == (byte)'}' ? -1 : 0;
        }
    }
}
