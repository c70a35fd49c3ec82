namespace LlmGuard.Tests.Repository;

/// <summary>A table of a README that is made of the code, between two marks, and compared. LLMGUARD_APPROVE_README=1 writes it.</summary>
internal static class ReadmeTable
{
    /// <summary>Asserts that a table stands in the README of a package.</summary>
    /// <param name="package">The package.</param>
    /// <param name="begin">The mark before the table, with its line break.</param>
    /// <param name="end">The mark behind it.</param>
    /// <param name="table">The table.</param>
    public static void AssertIs(string package, string begin, string end, string table)
    {
        var path = Checkout.PathOf("src", package, "README.md");
        var readme = File.ReadAllText(path).ReplaceLineEndings("\n");
        var mark = readme.IndexOf(begin, StringComparison.Ordinal);
        var stop = readme.IndexOf(end, StringComparison.Ordinal);
        Assert.That(mark >= 0 && stop > mark, $"{path} has lost the marks of its table");
        var start = mark + begin.Length;
        if (Environment.GetEnvironmentVariable("LLMGUARD_APPROVE_README") == "1")
        {
            File.WriteAllText(path, readme[..start] + table + readme[stop..]);
            return;
        }

        Assert.That(readme[start..stop], Is.EqualTo(table), "run with LLMGUARD_APPROVE_README=1 to write it, and read what changed");
    }
}
