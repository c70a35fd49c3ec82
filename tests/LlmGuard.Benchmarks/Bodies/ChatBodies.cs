using System.Text;
using System.Text.Json.Nodes;

namespace LlmGuard.Benchmarks.Bodies;

/// <summary>Distinct chat requests of one size: repeating a single body flatters the branch predictor.</summary>
internal static class ChatBodies
{
    private const int Distinct = 64;

    private static readonly string[] Words =
    [
        "the", "model", "reads", "every", "word", "of", "this", "conversation", "and", "answers", "with", "care", "about", "numbers", "such", "as",
        "42", "1,299.50", "2026-11-21", "\"quoted\"", "line\nbreak", "tab\tstop", "caf\u00E9", "na\u00EFve", "code", "review", "please", "thanks", "path/to/file",
    ];

    /// <summary>Bodies of about <paramref name="bytes"/> bytes; none holds anything a built-in rule finds.</summary>
    public static IReadOnlyList<byte[]> Clean(int bytes) => [.. Enumerable.Range(0, Distinct).Select(seed => Body(bytes, seed, ""))];

    /// <summary>The same with a few e-mail addresses and card numbers in them.</summary>
    public static IReadOnlyList<byte[]> Dirty(int bytes) => [.. Enumerable.Range(0, Distinct).Select(seed => Body(bytes, seed, $" ann{seed}@example.com 4111 1111 1111 1111 "))];

    private static byte[] Body(int bytes, int seed, string planted)
    {
        var random = new Random(seed);
        var messages = new JsonArray();
        var size = 0;
        while (size < bytes)
        {
            var text = new StringBuilder(planted);
            while (text.Length < 400 && size + text.Length < bytes)
            {
                text.Append(Words[random.Next(Words.Length)]).Append(' ');
            }

            size += text.Length + 40;
            messages.Add(new JsonObject { ["role"] = messages.Count % 2 == 0 ? "user" : "assistant", ["content"] = text.ToString() });
        }

        return Encoding.UTF8.GetBytes(new JsonObject { ["model"] = "bench", ["temperature"] = 0.7, ["messages"] = messages }.ToJsonString());
    }
}
