using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;

/// <summary>What a word may be to the rules of inserted requests, beside its class.</summary>
[Flags]
internal enum WordSign : byte
{
    None = 0,

    /// <summary>A word for a credential.</summary>
    Credential = 1 << 0,

    /// <summary>A word for one behind a word for its kind: "access key".</summary>
    Key = 1 << 1,

    /// <summary>A verb of giving away: "post", "include".</summary>
    Giving = 1 << 2,

    /// <summary>A verb of taking all there is: "dump", "collect".</summary>
    Gathering = 1 << 3,

    /// <summary>A verb of calling a tool: "run", "invoke".</summary>
    Call = 1 << 4,

    /// <summary>How something is to be judged: "positive", "best".</summary>
    Verdict = 1 << 5,

    /// <summary>What is judged by models that read for others: "review", "candidate".</summary>
    Judged = 1 << 6,

    /// <summary>What wants somebody asked: "approval", "unless".</summary>
    Consenting = 1 << 7,
}

/// <summary>
/// The signs of all words of a text, looked up once: most sentences have none that a rule needs, which so is known before the rule looks at a word.
/// For one text at a time; not thread-safe.
/// </summary>
internal sealed class WordSigns
{
    private static readonly WordTable<WordSign> Known = Table(
        (WordSign.Credential, CredentialRequest.CredentialWords),
        (WordSign.Key, CredentialRequest.KeyWords),
        (WordSign.Giving, CredentialRequest.GivingWords),
        (WordSign.Gathering, CredentialRequest.GatheringWords),
        (WordSign.Call, ToolOrder.CallWords),
        (WordSign.Verdict, """
            positive favorable favourable highest top maximum excellent best strong perfect full first accept accepted acceptance qualified
            """),
        (WordSign.Judged, """
            review reviews score scores rating marks grade recommendation candidate candidates applicant paper manuscript submission evaluation essay
            """),
        (WordSign.Consenting, "approval consent permission confirmation unless"));

    private WordSign[] _signs = new WordSign[256];

    /// <summary>The signs of a word.</summary>
    public WordSign this[int word] => _signs[word];

    /// <summary>Looks up the words of a text.</summary>
    public void Read(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text)
    {
        if (_signs.Length < words.Length)
        {
            _signs = new WordSign[Math.Max(2 * _signs.Length, words.Length)];
        }

        for (var i = 0; i < words.Length; i++)
        {
            Known.TryFind(words[i].In(text), out _signs[i]);
        }
    }

    /// <summary>The signs of some words together.</summary>
    public WordSign Of(int start, int end)
    {
        var all = WordSign.None;
        foreach (var sign in _signs.AsSpan(start, end - start))
        {
            all |= sign;
        }

        return all;
    }

    // A word may have several.
    private static WordTable<WordSign> Table(params (WordSign Sign, string Words)[] groups) => new(
        [.. groups.SelectMany(g => WordSets.Fold(g.Words).Split(' ').Select(word => (Word: word, g.Sign))).GroupBy(w => w.Word)
            .Select(same => (same.Key, same.Aggregate(WordSign.None, (all, w) => all | w.Sign)))]);
}
