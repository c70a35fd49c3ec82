using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>Rules of data_masking, a text for them in pieces, and ways to cut what it is sent in.</summary>
internal sealed record GeneratedRules((string Rule, bool Blocks)[] Rules, (string Entity, bool Blocks)[] Entities, string[] Pieces, int[] Cuts)
{
    private static readonly string[] Alphabet =
        ["a", "b", "c", "ab", "ca", " ", "\n", "\"", "\\", "é", "😀", "x@y.de", "4111 1111", " 1111 1111", "bcb", ""];

    private static readonly string[] AllRules =
    [
        """{ "type": "keyword", "pattern": "ab", "mask_with": "[1]" ACTION }""",
        """{ "type": "keyword", "pattern": "bcb", "mask_with": "-" ACTION }""",
        """{ "type": "keyword", "pattern": "c\n\"", "mask_with": "[2]" ACTION }""",
        """{ "type": "regex", "pattern": "a+b", "mask_with": "[3]" ACTION }""",
        """{ "type": "regex", "pattern": "c[abc]{2,5}", "mask_with": "[4]" ACTION }""",
        """{ "type": "regex", "pattern": "\\bca\\b", "mask_with": "[5]" ACTION }""",
        """{ "type": "regex", "pattern": "(é|😀)+", "mask_with": "\"\\" ACTION }""",
    ];

    private static readonly string[] AllEntities = ["email", "credit_card"];

    /// <summary>How many cases a law is tried on.</summary>
    public static int Count { get; } = FuzzBudget.Of(25);

    public static Gen<GeneratedRules> Cases { get; } =
        from rules in Gen.NonEmptyListOf(Gen.Zip(Gen.Elements(AllRules), Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))))
        from entities in Gen.ListOf(Gen.Zip(Gen.Elements(AllEntities), Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))))
        from pieces in Gen.NonEmptyListOf(Gen.Elements(Alphabet))
        from cuts in Gen.ListOf(Gen.Choose(0, 10_000))
        select new GeneratedRules([.. rules.DistinctBy(static r => r.Item1)], [.. entities.DistinctBy(static e => e.Item1)], [.. pieces], [.. cuts]);

    /// <summary>The cuts of so many bytes: none, some, and every one.</summary>
    public int[][] Ways(int length) => [[], [.. Cuts.Select(n => n % (length + 1)).Order()], [.. Enumerable.Range(1, length - 1)]];

    public string Policy(bool withBlocks)
    {
        static string Action(bool blocks) => blocks ? ", \"action\": \"block\"" : "";
        var rules = Rules.Where(r => withBlocks || !r.Blocks).Select(r => r.Rule.Replace("ACTION", Action(r.Blocks), StringComparison.Ordinal))
            .Append("""{ "type": "keyword", "pattern": "never said", "mask_with": "[0]" }""");
        var entities =
            Entities.Where(e => withBlocks || !e.Blocks).Select(e => $$"""{ "entity": "{{e.Entity}}", "enabled": true {{Action(e.Blocks)}} }""");
        return $$"""{ "name": "data_masking", "stage": "pre_response", "settings": { "rules": [ {{string.Join(", ", rules)}} ], "predefined_entities": [ {{string.Join(", ", entities)}} ] } }""";
    }

    public override string ToString() => Policy(withBlocks: true) + " " + JsonSerializer.Serialize(Pieces) + " " + string.Join(",", Cuts);
}
