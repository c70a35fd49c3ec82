using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGuard.Benchmarks.Bodies;

/// <summary>Distinct chat requests of one size: repeating a single body flatters the branch predictor.</summary>
internal static class ChatBodies
{
    private const int Distinct = 64;
    private const int MessageLength = 400;
    private const int ConversationMessage = 1000;

    // What clients in Python, Go and JavaScript send: UTF-8 as it is, escapes only where JSON asks for them.
    private static readonly JsonSerializerOptions AsClientsWrite = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Words =
    [
        "the", "model", "reads", "seven", "word", "of", "that", "conversation", "and", "returns", "with", "care", "about", "numbers", "such", "as",
        "42", "1,299.50", "v2.11", "\"quoted\"", "line\nbreak", "tab\tstop", "caf\u00E9", "na\u00EFve", "code", "review", "please", "thanks",
        "path/to/file",
    ];

    private static readonly string[] RussianWords =
    [
        "модель", "читает", "каждое", "слово", "этого", "разговора", "и", "отвечает", "с", "вниманием", "о", "числах", "таких", "как", "42",
        "отчёт", "за", "квартал", "готов,", "спасибо.", "Письмо", "пришло", "вчера", "вечером,", "а", "встреча", "будет", "в", "среду;",
        "проект", "идёт", "по", "плану",
    ];

    // With no spaces between words: what stands here is put together as it is.
    private static readonly string[] JapaneseWords =
    [
        "昨日の会議では、", "来期の計画について", "話し合いました。", "この文章を", "短くまとめて", "ください。", "新しい製品の", "売上は", "前年より",
        "12% 増えました。", "天気がよければ", "みんなで", "海へ行く", "つもりです。", "モデルは", "質問を読んで", "丁寧に", "答えます。",
    ];

    // Neither an escape nor an accent.
    private static readonly string[] PlainWords = [.. Words.Where(w => w.All(c => char.IsAscii(c) && !char.IsControl(c) && c != '"'))];

    /// <summary>Bodies of about <paramref name="bytes"/> bytes; none holds anything a built-in rule finds.</summary>
    public static IReadOnlyList<byte[]> Clean(int bytes) => [.. Enumerable.Range(0, Distinct).Select(seed => Body(bytes, seed, "", Words))];

    /// <summary>The same in Russian, with spaces between words.</summary>
    public static IReadOnlyList<byte[]> Russian(int bytes) => [.. Enumerable.Range(0, Distinct).Select(seed => Body(bytes, seed, "", RussianWords))];

    /// <summary>The same in Japanese, in which words stand one behind the other.</summary>
    public static IReadOnlyList<byte[]> Japanese(int bytes) =>
        [.. Enumerable.Range(0, Distinct).Select(seed => Body(bytes, seed, "", JapaneseWords, between: ""))];

    /// <summary>The same in ASCII and without escapes, as nobody writes them.</summary>
    public static IReadOnlyList<byte[]> Plain(int bytes) => [.. Enumerable.Range(0, Distinct).Select(seed => Body(bytes, seed, "", PlainWords))];

    /// <summary>The same with an e-mail address and a card number at the start of every message.</summary>
    public static IReadOnlyList<byte[]> Dirty(int bytes) =>
        [.. Enumerable.Range(0, Distinct).Select(seed => Body(bytes, seed, $" {Address(seed)} 4111 1111 1111 1111 ", Words))];

    /// <summary>Conversations in ordinary prose, quotes and numbers included, in which nothing is found.</summary>
    public static IReadOnlyList<byte[]> Conversations(int bytes) =>
        [.. ProseTexts.Of(bytes).Select(text => Conversation(Encoding.ASCII.GetString(text)))];

    /// <summary>
    /// The same prose as word processors and models set it: curly quotes, dashes, apostrophes, ellipses and blanks that do not break.
    /// </summary>
    public static IReadOnlyList<byte[]> Typeset(int bytes) =>
        [.. ProseTexts.Of(bytes).Select((text, seed) => Conversation(Typeset(Encoding.ASCII.GetString(text), new Random(seed))))];

    /// <summary>Conversations about programs, which are most of what they hold.</summary>
    public static IReadOnlyList<byte[]> Programs(int bytes) =>
        [.. CodeTexts.Of(bytes).Select(text => Conversation(Encoding.ASCII.GetString(text)))];

    /// <summary>Conversations about JSON, whose every quotation mark is written as an escape: other chats, with words that have an accent.</summary>
    public static IReadOnlyList<byte[]> Documents(int bytes) =>
        [.. Clean(bytes).Select(text => Conversation(Encoding.UTF8.GetString(text)))];

    private static string Typeset(string text, Random random)
    {
        var (set, isOpen) = (new StringBuilder(), false);
        foreach (var letter in text)
        {
            isOpen ^= letter == '"';
            set.Append(letter switch
            {
                '"' => isOpen ? "\u201C" : "\u201D",
                '%' => "\u00A0%",
                ',' when random.Next(3) == 0 => " \u2014",
                '.' when random.Next(12) == 0 => "\u2026",
                ' ' when random.Next(30) == 0 => "\u2019s ",
                _ => letter.ToString(),
            });
        }

        return set.ToString();
    }

    private static byte[] Conversation(string text)
    {
        var messages = new JsonArray();
        for (var at = 0; at < text.Length; at += ConversationMessage)
        {
            messages.Add(new JsonObject { ["role"] = messages.Count % 2 == 0 ? "user" : "assistant",
                ["content"] = text[at..Math.Min(text.Length, at + ConversationMessage)] });
        }

        return Encoding.UTF8.GetBytes(new JsonObject { ["model"] = "bench", ["messages"] = messages }.ToJsonString(AsClientsWrite));
    }

    /// <summary>The address that a dirty body holds, by the place of the body in the list.</summary>
    public static string Address(int place) => $"ann{place}@example.com";

    private static byte[] Body(int bytes, int seed, string planted, string[] words, string between = " ")
    {
        var random = new Random(seed);
        var messages = new JsonArray();
        var size = 0;
        while (size < bytes)
        {
            var text = new StringBuilder(planted);
            var length = Encoding.UTF8.GetByteCount(planted);
            while (length < MessageLength && size + length < bytes)
            {
                var word = words[random.Next(words.Length)];
                text.Append(word).Append(between);
                length += Encoding.UTF8.GetByteCount(word) + between.Length;
            }

            size += length + 40;
            messages.Add(new JsonObject { ["role"] = messages.Count % 2 == 0 ? "user" : "assistant", ["content"] = text.ToString() });
        }

        var body = new JsonObject { ["model"] = "bench", ["temperature"] = 0.7, ["messages"] = messages };
        return Encoding.UTF8.GetBytes(body.ToJsonString(AsClientsWrite));
    }
}
