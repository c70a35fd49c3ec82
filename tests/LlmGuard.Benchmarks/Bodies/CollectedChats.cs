using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Benchmarks.Bodies;

/// <summary>
/// Conversations of what people really asked models and what these answered: prose, lists and programs as they come. The texts are in ../shared/data,
/// beside the checkout where the product is developed and nowhere else.
/// </summary>
internal static class CollectedChats
{
    private const int Distinct = 64;

    private static readonly string? Data = Checkout.FindAbove("shared", "data");

    private static readonly JsonSerializerOptions AsClientsWrite = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the texts are at hand.</summary>
    public static bool AreThere => Data is not null;

    /// <summary>Bodies of half as many to half as many bytes again; messages are whole.</summary>
    public static IReadOnlyList<byte[]> Of(int bytes)
    {
        var asked = Read("prompt_injection/arena_hard_v01").Concat(Read("prompt_injection/self_instruct")).Concat(Read("prompt_injection/mt_bench"));
        var (prompts, answers) = (Shuffled(asked), Shuffled(Read("benign_corpora/llm_outputs_arena_hard")));
        var (bodies, messages, size) = (new List<byte[]>(), new JsonArray(), 0);
        for (var i = 0; bodies.Count < Distinct && i < 100 * Distinct; i++)
        {
            var (role, text) = i % 2 == 0 ? ("user", prompts[i / 2 % prompts.Length]) : ("assistant", answers[i / 2 % answers.Length]);
            size += Encoding.UTF8.GetByteCount(text);
            messages.Add(new JsonObject { ["role"] = role, ["content"] = text });
            if (size < bytes / 2)
            {
                continue;
            }

            if (size <= bytes * 3 / 2)
            {
                bodies.Add(Encoding.UTF8.GetBytes(new JsonObject { ["model"] = "bench", ["messages"] = messages }.ToJsonString(AsClientsWrite)));
            }

            (messages, size) = ([], 0);
        }

        return bodies;
    }

    private static string[] Shuffled(IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        new Random(1).Shuffle(all);
        return all;
    }

    private static IEnumerable<string> Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(Data!, file + ".jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return JsonNode.Parse(line)!["text"]!.GetValue<string>();
        }
    }
}
