using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGuard.GatewayCost;

/// <summary>What is posted: requests with conversations of one kind of text.</summary>
internal static class Bodies
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A request whose body has about so many bytes, the same for the same seed.</summary>
    public static byte[] Request(int bytes, int seed, Func<Random, int, string> text) => Request(Body(bytes, seed, text));

    /// <summary>Sentences as people and models write them, in paragraphs.</summary>
    public static string Prose(Random random, int length)
    {
        string[] sentences =
        [
            "Could you help me write a short note to our customers about the new delivery times?",
            "We moved the weekly review to the afternoon because half of the team was travelling.",
            "The first version explains the idea well, but the second paragraph repeats what the first one said.",
            "I would like it to sound friendly and still be clear about what changes.",
            "Most people will only read the first two lines, so the important part should come early.",
            "Here is a shorter version that keeps the main point and leaves out the history.",
            "What is the difference between a list and a tuple, and when would you choose one over the other?",
            "A list can change after it was made; a tuple cannot, which makes it safe to share.",
            "The meeting lasted longer than planned, since nobody had read the document before.",
            "Please summarise the discussion below in five sentences for somebody who was not there.",
            "The budget for next year is about 12 percent larger, mostly because of storage and support.",
            "That sounds reasonable, although I am not sure the numbers in the table add up.",
            "If the test fails only on the build server, look at the time zone and the locale first.",
            "The function returns early when the input is empty, which is why the loop never runs.",
            "Our garden gets little sun, so which vegetables could we still grow there?",
            "Lettuce, spinach and most herbs do well in the shade; tomatoes will not.",
            "She asked whether the report could be ready by the end of the week, and I said that I would try.",
            "It rained all weekend, so we stayed inside, cooked soup and played cards.",
            "Can you translate the last answer into plain words, without any of the technical terms?",
            "In short: the old system keeps running, the new one takes over step by step, and nobody has to do anything.",
            "One reviewer wrote \"too long\" in the margin, and he was right.", "Thank you, that is exactly what I was looking for.",
            "Let us go through the plan once more and mark everything that still depends on others.",
            "The museum closes at six, and the last train leaves a little after nine.",
        ];
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(sentences[random.Next(sentences.Length)]).Append(random.Next(5) == 0 ? "\n\n" : " ");
        }

        return text.ToString(0, length);
    }

    /// <summary>Ordinary words in any order with an escape or an accent now and then.</summary>
    public static string Words(Random random, int length)
    {
        string[] words =
        [
            "the", "model", "reads", "seven", "word", "of", "that", "conversation", "and", "returns", "with", "care", "about", "numbers",
            "such", "as", "42", "1,299.50", "\"quoted\"",
            "line\nbreak", "caf\u00E9", "code", "review", "please", "thanks", "budget", "meeting", "schedule", "customer", "release", "planning",
            "document", "section", "translate", "explain",
        ];
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(words[random.Next(words.Length)]).Append(' ');
        }

        return text.ToString();
    }

    private static byte[] Request(byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(FormattableString.Invariant(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n")),
        .. body,
    ];

    // Distinct conversations; nothing in them is anybody's rule.
    private static byte[] Body(int bytes, int seed, Func<Random, int, string> text)
    {
        var random = new Random(seed);
        var messages = new List<object>();
        for (var size = 0; size < bytes;)
        {
            var said = text(random, Math.Min(400, bytes - size));
            size += said.Length + 40;
            messages.Add(new { role = messages.Count % 2 == 0 ? "user" : "assistant", content = said });
        }

        return JsonSerializer.SerializeToUtf8Bytes(new { model = "bench", temperature = 0.7, messages }, Plain);
    }
}
