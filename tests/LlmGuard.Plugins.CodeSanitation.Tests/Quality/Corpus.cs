using System.IO.Compression;
using System.Text.Json;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Plugins.CodeSanitation.Tests.Quality;

/// <summary>The labelled rows of ../shared/data, which are there where the project is developed and nowhere else.</summary>
internal static class Corpus
{
    private static readonly string? Root = Checkout.FindAbove("shared", "data");

    /// <summary>Skips the running test where the rows are not at hand.</summary>
    public static void AssumePresent() =>
        Assume.That(Root, Is.Not.Null, "../shared/data is not there: detection quality is measured only where it is");

    public static IEnumerable<(string Id, string Text, bool IsPositive, string Category)> Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(Root!, file + ".jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            yield return (
                row.GetProperty("id").GetString()!,
                row.GetProperty("text").GetString()!,
                row.TryGetProperty("label", out var label) && label.ValueKind == JsonValueKind.Number && label.GetInt32() == 1,
                row.TryGetProperty("category", out var category) ? category.GetString() ?? "" : "");
        }
    }
}
