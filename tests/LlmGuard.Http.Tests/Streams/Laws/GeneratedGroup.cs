using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// Two or three entries of data_masking side by side, perhaps behind one that goes first, a text for them in pieces, and ways to cut what it is sent
/// in.
/// </summary>
internal sealed record GeneratedGroup((string Rule, string Action)[][] Entries, (string Rule, string Action)[] First, string[] Pieces, int[] Cuts)
{
    // Longer than a match may be: such runs are reported in pieces, and the pieces of two entries overlap like bricks.
    private static readonly string[] Alphabet =
        ["a", "b", "c", "ab", "ca", " ", "\n", "\"", "é", "😀", "bcb", "abcab", "x@y.de", "4111 1111", " 1111 1111", new('a', 3000), new('b', 5000),
            new('a', 9000), ""];

    private static readonly string[] AllRules =
    [
        """{ "type": "keyword", "pattern": "ab" """,
        """{ "type": "keyword", "pattern": "bcb" """,
        """{ "type": "regex", "pattern": "a+b?" """,
        """{ "type": "regex", "pattern": "[ab]{2,}" """,
        """{ "type": "regex", "pattern": "[bc]{3,}" """,
        """{ "type": "regex", "pattern": "c[abc]{2,5}" """,
        """{ "type": "regex", "pattern": "\\bca\\b" """,
        """{ "type": "regex", "pattern": "(é|😀)+" """,
        """{ "type": "regex", "pattern": "[a-z@.]+de" """,
        """{ "type": "regex", "pattern": "11 *11" """,
    ];

    private static readonly string[] AllActions =
    [
        """, "mask_with": "[W]" """, """, "mask_with": "[W]" """, """, "mask_with": "*", "preserve_len": true """,
            """, "mask_with": "[H]", "action": "hash" """,
        """, "mask_with": "[P]", "action": "partial" """,
    ];

    private const string Block = """, "mask_with": "[B]", "action": "block" """;

    private static Gen<(string Rule, string Action)[]> Rules { get; } = Gen.NonEmptyListOf(Gen.Zip(
        Gen.Elements(AllRules), Gen.Frequency((12, Gen.Elements(AllActions)), (1, Gen.Constant(Block))))).Select(static r =>
            r.Take(4).DistinctBy(static p => p.Item1).ToArray());

    public static Gen<GeneratedGroup> Cases { get; } =
        from count in Gen.Choose(2, 3)
        from entries in Gen.ArrayOf(Rules, count)
        from first in Gen.Frequency((3, Gen.Constant(Array.Empty<(string Rule, string Action)>())), (1, Rules))
        from pieces in Gen.NonEmptyListOf(Gen.Elements(Alphabet))
        from cuts in Gen.ListOf(Gen.Choose(0, 1_000_000))
        select new GeneratedGroup(entries, first, [.. pieces.Take(30)], [.. cuts]);

    /// <summary>The cuts of so many bytes: none, some, and where that does not take too long every one.</summary>
    public int[][] Ways(int length)
    {
        int[] some = [.. Cuts.Select(n => n % (length + 1)).Order()];
        int step = Math.Max(1, length / 3000);
        return [[], some, [.. Enumerable.Range(1, (length - 1) / step).Select(n => n * step)]];
    }

    public string Policy(bool withBlocks)
    {
        var entries = Entries.Select((rules, n) => Entry(n, rules, "\"parallel\": true", withBlocks));
        return string.Join(", ", First.Length == 0 ? entries : entries.Prepend(Entry(9, First, "\"priority\": 1", withBlocks)));
    }

    public override string ToString() => Policy(withBlocks: true) + " "
        + JsonSerializer.Serialize(Pieces.Select(static p => p.Length < 100 ? p : $"{p[0]}*{p.Length}")) + " " + string.Join(",", Cuts);

    private static string Entry(int number, (string Rule, string Action)[] rules, string order, bool withBlocks)
    {
        var own = rules.Where(r => withBlocks || r.Action != Block).Select(r => r.Rule + r.Action.Replace("W", $"{number}", StringComparison.Ordinal)
            + "}")
            .Append("""{ "type": "keyword", "pattern": "never said", "mask_with": "[0]" }""");
        return $$"""{ "name": "data_masking", "id": "m{{number}}", "stage": "pre_response", {{order}}, "settings": { "similarity_threshold": 1, "hash_key": "0123456789abcdef0123456789abcdef", "rules": [ {{string.Join(", ", own)}} ] } }""";
    }
}
