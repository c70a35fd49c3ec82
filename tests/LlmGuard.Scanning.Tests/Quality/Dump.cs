using System.Text;

namespace LlmGuard.Scanning.Tests.Quality;

/// <summary>
/// Writes wrong answers on the half that rules are tuned on to a folder, for whoever works on the rules: set LLMGUARD_QUALITY_DUMP to it.
/// </summary>
internal static class Dump
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("LLMGUARD_QUALITY_DUMP");

    public static void Row(string name, bool isHeldOut, bool expected, bool found, string text)
    {
        if (!isHeldOut && expected != found)
        {
            Write(name, $"{(expected ? "MISS " : "FALSE")} {text.ReplaceLineEndings("\\n")[..Math.Min(300, text.ReplaceLineEndings("\\n").Length)]}");
        }
    }

    public static void Span(string name, CorpusRow row, int start, int length, string note)
    {
        if (!row.IsHeldOut || row.Category.StartsWith("benign", StringComparison.Ordinal) || row.Category == "lockfile")
        {
            var from = Math.Max(0, start - 40);
            var context = Encoding.UTF8.GetString(row.Utf8.AsSpan(from, Math.Min(row.Utf8.Length - from, length + 60)));
            Write(name, $"{note} <{Encoding.UTF8.GetString(row.Utf8.AsSpan(start, length))}> in {context.ReplaceLineEndings("\\n")}");
        }
    }

    private static void Write(string name, string line)
    {
        if (Folder is not null)
        {
            File.AppendAllText(Path.Combine(Folder, name + ".txt"), line + "\n");
        }
    }
}
