using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>
/// Tells people from machines where a word for a machine stands: "AI researchers", "bot operators" and "AI teams" are people, because the last word
/// of a compound says what it is; and an agent or an assistant of whom nothing tells that it is a machine may be a person, who is asked for what
/// machines cannot do.
/// </summary>
internal static class MachinePeople
{
    private const int ShortestDoer = 5;

    // Words of "write that it is done".
    private const int LeastSaid = 3;

    private const WordClass Deeds = Work | Send | Critical | Reveal | Override | Drop | Comply | Play | Obey;

    // What machines are given and asked for, and people hardly: an answer, a prompt, a user, a tool, another machine.
    private const WordClass Matters = Output | Order | User | Tool | Reader | Model | Your;

    // Machines that end as people do.
    private static readonly WordTable<bool> Machines = WordSets.Of("""
        grader screener summarizer summariser reviewer evaluator classifier scorer parser crawler scraper moderator translator helper reader indexer
        ranker extractor annotator checker server browser computer processor scanner generator transformer detector shopper editor planner router
        writer buyer triager sorter filter recruiter interpreter narrator tutor advisor adviser autorater container connector
        """);

    // "Gemini remember that": what somebody is told to do, and nobody who does it.
    private static readonly WordTable<bool> Orders = WordSets.Of("""
        remember consider deliver enter transfer register discover order reorder offer gather render trigger recover uncover monitor alter cover
        differ refer infer prefer defer suffer utter ponder answer administer encounter empower foster whisper mirror author favor favour tailor
        censor refactor number buffer layer better lower power filter hinder bother wonder whether however
        """);

    private static readonly WordTable<bool> People = WordSets.Of("""
        team teams people staff company companies vendor vendors lab labs expert experts student students committee community department employees
        """);

    // "ecrivez que": what shall be said follows.
    private static readonly WordTable<bool> Clauses = WordSets.Of("que qu che dass ze что");

    /// <summary>Whether a word for a machine says what somebody works with who is a person.</summary>
    /// <param name="words">The words.</param>
    /// <param name="i">The word for a machine.</param>
    /// <param name="text">The text.</param>
    public static bool IsTheirs(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (i + 1 >= words.Length || text[words[i].End..words[i + 1].Start] is not [(byte)' ' or (byte)'-'] || words[i + 1].Is(Model | Agent | Order))
        {
            return false;
        }

        var head = words[i + 1].In(text);
        if (People.Contains(head))
        {
            return true;
        }

        head = head is [.., (byte)'s'] ? head[..^1] : head;
        return head.Length >= ShortestDoer && !Orders.Contains(head) && !Machines.Contains(head) && !WordSets.IsCommon(head)
            && (head.EndsWith("er"u8) || head.EndsWith("or"u8) || head.EndsWith("ist"u8) || head.EndsWith("ian"u8))
            && words[i + 1].Class is None or Third or Agent;
    }

    /// <summary>Whether a sentence asks for what machines do: a deed, and what only they are given, the name of a function, or an address.</summary>
    /// <param name="words">The words.</param>
    /// <param name="start">The first of the sentence.</param>
    /// <param name="end">The word after its last.</param>
    /// <param name="text">The text.</param>
    public static bool IsDeedOfMachine(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text)
    {
        var all = None;
        var isNamed = false;
        for (var i = start; i < end; i++)
        {
            all |= words[i].Class;
            isNamed |= words[i].In(text).Contains((byte)'_')
                || (words[i].Start > 0 && text[words[i].Start - 1] is (byte)'@' or (byte)'/' or (byte)'"')
                || text[words[i].End..] is [(byte)'.', >= (byte)'a' and <= (byte)'z', ..];
        }

        return ((all & Deeds) != 0 && (isNamed || (all & Matters) != 0))
            || (end - start > LeastSaid && Clauses.Contains(words[start + 1].In(text)));
    }
}
