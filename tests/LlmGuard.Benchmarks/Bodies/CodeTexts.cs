using System.Text;

namespace LlmGuard.Benchmarks.Bodies;

/// <summary>
/// Distinct texts of one size such as programs are written: names, calls, assignments, numbers, comments. No rule finds anything in them.
/// </summary>
internal static class CodeTexts
{
    private const int Distinct = 32;

    private static readonly string[] Names =
        "buffer index result items count request response parser value node offset length stream reader writer logger handler config options builder context item list table column row total".Split(' ');

    private static readonly string[] Types = "int string var bool double Item Node List<string> Span<byte> Task".Split(' ');

    /// <summary>Texts of so many bytes.</summary>
    public static IReadOnlyList<byte[]> Of(int bytes) => [.. Enumerable.Range(0, Distinct).Select(seed => Text(bytes, seed))];

    private static byte[] Text(int bytes, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < bytes)
        {
            var (a, b, c) = (Pick(random, Names), Pick(random, Names), Pick(random, Names));
            text.Append(' ', 4 * random.Next(1, 4)).Append(random.Next(7) switch
            {
                0 => $"{Pick(random, Types)} {a} = {b}.{c}({random.Next(64)});\n",
                1 => $"if ({a} > {random.Next(256)} && {b} != null)\n",
                2 => $"for (var i = 0; i < {a}.{b}; i++)\n",
                3 => $"// The {a} of a {b} is read before its {c}.\n",
                4 => $"{a}.{b}({c}, \"{a} of {b}\", i + {random.Next(10)});\n",
                5 => $"return {a} ? {b} : {c};\n",
                _ => "{\n",
            });
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, bytes));
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
