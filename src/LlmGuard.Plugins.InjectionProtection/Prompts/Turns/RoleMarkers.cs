using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Turns;

/// <summary>
/// Marks that separate the messages of a conversation on its way to a model; within a message they forge one. Found by their form: tokens of
/// chat templates, tags and headings that name a role, lines that begin with one behind a separator, and messages in JSON.
/// </summary>
internal static class RoleMarkers
{
    private const int LongestToken = 32;

    /// <summary>What the marks are known by, one of which stands in every text that has one: <see cref="FindMessage"/> apart.</summary>
    public static IReadOnlyList<string> Signs => [.. Literals, TokenStart, System];

    private const string TokenStart = "<|";
    private const string SystemRole = "\"system\"";
    private const string System = "system:";

    private static readonly string[] Literals =
        [
            "[inst]", "[/inst]", "<<sys>>", "<</sys>>", "<start_of_turn>", "<end_of_turn>",
                "[system message]", "[system prompt]", "[system]", "[/system",
            "[admin]", "[system note", "[developer mode", "[end of prompt]", "<system>", "</system>", "<system mode", "<admin", "<god mode",
            "<debug mode", "<developer mode", "###instruction", "### system", "###system", "## system:", "#instruction#", "end of system prompt",
            "end of prompt", "end of user input", "end of instructions", "system override", "security override", "system mode activated",
            "begin new instructions", "new system prompt", "begin reprogramming",
        ];

    private static readonly LiteralSet<bool> Marks = new((Literals, true));

    private static readonly SearchValues<byte> TokenLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_ "u8);

    private static readonly SearchValues<byte> BeforeKey = SearchValues.Create(" \t\r\n[{"u8);

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        for (var at = 0; (at = Marks.Find(text, at, out var length, out _)) >= 0; at += length)
        {
            if (at + length < text.Length && text[at + length] == (byte)'{')
            {
                // A template: its places are filled by a program.
                break;
            }

            if (IsFormatted(text, at))
            {
                continue;
            }

            var isToken = text[at] is (byte)'[' or (byte)'<';
            if (isToken ? !(IsTold(text, at, at + length) || IsOfLog(text[(at + length)..])) : !IsQuoted(text, at))
            {
                hits.Add(InjectionRules.PromptRoleMarker, at, at + length);
            }
        }

        FindTokens(text, hits);
        FindTurns(text, hits);
    }

    // 'They write "system override" and wait': plain words are quoted where a quotation begins with them that follows a word.
    private static bool IsQuoted(ReadOnlySpan<byte> text, int start) =>
        start > 3 && text[start - 1] == '"' && text[start - 2] == ' '
        && (AsciiByte.IsLetter(text[start - 3]) || text[start - 3] is (byte)'*' or (byte)'.');

    // "my template has [inst] and <<sys>> in it": a sentence goes on behind it with a word that joins or tells.
    private static bool IsTold(ReadOnlySpan<byte> text, int start, int end)
    {
        if (start < 2 || text[start - 1] != ' ' || !AsciiByte.IsLetter(text[start - 2]) || end + 1 >= text.Length)
        {
            return false;
        }

        var rest = text[end..Math.Min(text.Length, end + LongestToken)];
        if (rest[0] is (byte)'?' or (byte)',')
        {
            return true;
        }

        var word = rest[0] == ' ' ? rest[1..] : [];
        var length = word.IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        return length > 0 && word[length] is (byte)' ' or (byte)',' or (byte)'?' or (byte)'.' && Joins.Contains(word[..length]);
    }

    // "see L<system>": a word that one letter before it sets in another font, in the manuals of Perl.
    private static bool IsFormatted(ReadOnlySpan<byte> text, int at) => text[at] == '<' && at > 0 && AsciiByte.IsLower(text[at - 1])
        && (at == 1 || !(AsciiByte.IsLower(text[at - 2]) || AsciiByte.IsDigit(text[at - 2])));

    // "[system] error 0x80070057": a line of a log.
    private static bool IsOfLog(ReadOnlySpan<byte> rest) => rest.StartsWith(" error "u8) || rest.StartsWith(" warning"u8)
        || rest.StartsWith(" info "u8) || rest.StartsWith(" fatal "u8) || rest.StartsWith(" debug "u8);

    private static readonly WordTable<bool> Joins = new((
        "and or in is are was were means mean does token tokens tag tags marker markers block blocks part parts at around from belongs", true));

    // <|im_start|>, <|eot_id|>: whatever the model's maker calls them.
    private static void FindTokens(ReadOnlySpan<byte> text, HitList hits)
    {
        if (TurnTemplate.Is(text))
        {
            return;
        }

        for (var at = 0; at < text.Length && text[at..].IndexOf("<|"u8) is >= 0 and var found; at++)
        {
            at += found;
            var token = text[(at + 2)..Math.Min(text.Length, at + LongestToken)];
            var end = token.IndexOf("|>"u8);
            if (end > 1 && token[..end].IndexOfAnyExcept(TokenLetters) < 0 && !IsNamed(text, at, at + end + 4))
            {
                hits.Add(InjectionRules.PromptRoleMarker, at, at + end + 4);
            }
        }
    }

    // "what does <|im_start|> mean": named in a sentence, not used.
    private static bool IsNamed(ReadOnlySpan<byte> text, int start, int end) =>
        start > 1 && text[start - 1] == (byte)' ' && AsciiByte.IsLetter(text[start - 2])
        && end + 1 < text.Length && (text[end] is (byte)'?' or (byte)',' || (text[end] == (byte)' ' && AsciiByte.IsLetter(text[end + 1])));

    // "system:" at the start of a line, behind a separator or among the turns of a conversation.
    private static void FindTurns(ReadOnlySpan<byte> text, HitList hits)
    {
        var (turns, isBehindSeparator, lastTurn) = (0, false, -2);
        for (var at = 0; at < text.Length;)
        {
            var end = text[at..].IndexOf((byte)'\n') is >= 0 and var length ? at + length : text.Length;
            var line = text[at..end].Trim(" \t\r#*[]<>"u8);
            if (line.StartsWith("system:"u8) && at > 0 && (isBehindSeparator || turns > 0
                || (lastTurn = lastTurn < -1 ? LastTurn(text) : lastTurn) >= end))
            {
                hits.Add(InjectionRules.PromptRoleMarker, at, end);
            }
            else if (line.StartsWith("human:"u8) || line.StartsWith("user:"u8) || line.StartsWith("assistant:"u8))
            {
                turns++;
            }

            isBehindSeparator = line.IsEmpty ? isBehindSeparator : IsSeparator(text[at..end].Trim(" \t\r"u8));
            at = end + 1;
        }
    }

    // Looked for once: every line of a text may begin with "system:".
    private static int LastTurn(ReadOnlySpan<byte> text) =>
        Math.Max(text.LastIndexOf("\nuser:"u8), Math.Max(text.LastIndexOf("\nhuman:"u8), text.LastIndexOf("\nassistant:"u8)));

    private static bool IsSeparator(ReadOnlySpan<byte> line) =>
        line.Length >= 3 && line[0] is (byte)'-' or (byte)'=' or (byte)'#' or (byte)'*' or (byte)'"' or (byte)'`' && line[1] == line[0];

    /// <summary>Finds <c>{"role": "system", ...}</c> as the whole of a text, or behind a sentence.</summary>
    public static void FindMessage(ReadOnlySpan<byte> text, HitList hits)
    {
        if (text.IndexOf("{\"role\""u8) is > 2 and var within
            && text[..within].TrimEnd((byte)' ') is [.., (byte)'.' or (byte)'!' or (byte)'?' or (byte)')']
            && text[(within + 1)..].IndexOf("\"role\""u8) is 0 && text[(within + 2)..].IndexOf("\"role\""u8) < 0
            && text.Slice(within, Math.Min(text.Length - within, LongestToken)).IndexOf("\"system\""u8) > 0)
        {
            hits.Add(InjectionRules.PromptRoleMarker, within, Math.Min(text.Length, within + LongestToken));
            return;
        }

        var start = text.IndexOfAnyExcept(BeforeKey);
        if (start <= 0 || !text[start..].StartsWith("\"role\""u8))
        {
            return;
        }

        if (text.Count("{\"role\""u8) > 1 && text.IndexOf("}\n{"u8) > 0)
        {
            // A record of conversations, a message to a line.
            return;
        }

        var head = text.Slice(start, Math.Min(text.Length - start, LongestToken));
        if (head.IndexOf("\"system\""u8) is > 0 and var role && head[6..role].IndexOfAnyExcept(" :"u8) < 0
            && IsOfMessage(text[(start + role + SystemRole.Length)..]))
        {
            hits.Add(InjectionRules.PromptRoleMarker, start, start + role + 8);
        }
    }

    // What a message has beside its role; a record of a log has other members.
    private static bool IsOfMessage(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(" \t\r\n,"u8);
        return rest is not [(byte)'"', ..] || rest.StartsWith("\"content\""u8) || rest.StartsWith("\"text\""u8) || rest.StartsWith("\"parts\""u8)
            || rest.StartsWith("\"name\""u8) || rest.StartsWith("\"message\""u8);
    }
}
