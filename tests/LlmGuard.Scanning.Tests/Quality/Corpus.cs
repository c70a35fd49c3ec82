using System.IO.Compression;
using System.Text.Json;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Scanning.Tests.Quality;

/// <summary>The labelled rows of ../shared/data, which are there where the project is developed and nowhere else.</summary>
internal static class Corpus
{
    private static readonly string? Root = Checkout.FindAbove("shared", "data");

    /// <summary>Skips the running test where the rows are not at hand.</summary>
    public static void AssumePresent() =>
        Assume.That(Root, Is.Not.Null, "../shared/data is not there: detection quality is measured only where it is");

    public static List<CorpusRow> Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(Root!, file + ".jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var rows = new List<CorpusRow>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            rows.Add(CorpusRow.From(json.RootElement));
        }

        return rows;
    }

    /// <summary>The texts of all rows there are, whatever they are labelled for.</summary>
    public static IEnumerable<string> Texts()
    {
        foreach (var file in Directory.EnumerateFiles(Root!, "*.jsonl.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line)
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.TryGetProperty("text", out var text))
                {
                    yield return text.GetString()!;
                }
            }
        }
    }
}
