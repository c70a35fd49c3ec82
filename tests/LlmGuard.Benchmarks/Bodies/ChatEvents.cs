using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LlmGuard.Benchmarks.Bodies;

/// <summary>Events of a streamed chat completion, a word or two each, as models send them.</summary>
internal static class ChatEvents
{
    private const string Prose =
        "The harbour lay quiet in the morning, and the boats had not gone out yet. Somebody was mending a net on the quay; two gulls watched. "
        + "\"There will be wind,\" she said, and looked at the sky over the hills. It was the third day of rain that week, or the fourth, nobody "
        + "kept count. In 1987 the old pier had been 240 metres long; now, at 12.5 metres, it was hardly a pier at all. Write down what you see, "
        + "my teacher used to say: not what you think, not what you hope. So here it is, as well as I can: grey water, grey stone, a red door. ";

    /// <summary>The texts.</summary>
    public static IReadOnlyList<string> Texts { get; } = [.. Split()];

    /// <summary>The events.</summary>
    public static IReadOnlyList<byte[]> All { get; } = [.. Texts.Select(static text => Event(text, ""))];

    /// <summary>
    /// The events with padding against eavesdroppers, as OpenAI sends them unless told otherwise: letters of both cases and digits without meaning,
    /// other ones in each.
    /// </summary>
    public static IReadOnlyList<byte[]> Padded { get; } =
        [.. Texts.Select(static (text, n) =>
            Event(text, ",\"obfuscation\":\"" + Padding(n, 4 + (n % 12)) + "\""))];

    // The same in every run.
    private static string Padding(int number, int length) =>
        string.Concat(Convert.ToBase64String(SHA256.HashData([(byte)number])).Where(char.IsAsciiLetterOrDigit).Take(length));

    private static byte[] Event(string text, string rest) => Encoding.UTF8.GetBytes(
        "data: {\"id\":\"chatcmpl-9xT2\",\"object\":\"chat.completion.chunk\",\"created\":1757957545,\"model\":\"gpt-4o-mini\",\"service_tier\":\"default\","
        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":" + JsonSerializer.Serialize(text)
            + "},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null" + rest + "}\n\n");

    private static IEnumerable<string> Split()
    {
        var start = 0;
        for (var i = 1; i < Prose.Length; i++)
        {
            if (Prose[i] == ' ' || i == Prose.Length - 1)
            {
                yield return Prose[start..i];
                start = i;
            }
        }
    }
}
