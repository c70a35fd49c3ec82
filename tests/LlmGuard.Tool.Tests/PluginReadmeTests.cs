using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LlmGuard.Tool.Tests;

/// <summary>What the READMEs of the plugins say of their settings, held against what the plugins read: samples, keys, defaults and bounds.</summary>
public sealed partial class PluginReadmeTests
{
    private static readonly string[] Folders =
        [.. Directory.GetDirectories(Path.Combine(Root(), "src"), "LlmGuard.Plugins.*").Select(Path.GetFileName).Order()!];

    [TestCaseSource(nameof(Folders))]
    public async Task Samples_ThatAreAPolicy_Load(string folder)
    {
        var policies = Sample().Matches(ReadmeOf(folder)).Select(static m => m.Groups["text"].Value).Where(static s =>
            s.Contains("\"gateway\": {", StringComparison.Ordinal));
        foreach (var policy in policies)
        {
            using var run = new ToolRun();
            Assert.That(await run.CommandAsync("validate", run.File("policy.json", policy)), Is.Zero, run.Error);
        }
    }

    [TestCaseSource(nameof(Folders))]
    public async Task Settings_OfTheTables_AreWhatThePluginReads(string folder)
    {
        var readme = ReadmeOf(folder);
        var keys = Flatten(await SchemaOfAsync(readme), "").ToList();
        var objections = new List<string>();
        var words =
            Quoted().Matches(readme).SelectMany(static m => Word().Matches(m.Value)).Select(static m => m.Value).ToHashSet(StringComparer.Ordinal);
        objections.AddRange(keys.Where(k => !words.Contains(k.Path[(k.Path.LastIndexOf('.') + 1)..])).Select(static k =>
            $"{k.Path} is not mentioned"));
        var rows = Table().Matches(readme).SelectMany(static t => t.Groups["rows"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        foreach (var row in rows)
        {
            var cells = row.Trim().Trim('|').Split(" | ", StringSplitOptions.TrimEntries);
            objections.AddRange(NamesIn(cells[0]).SelectMany((name, i) => Check(name, i, cells, keys)));
        }

        Assert.That(keys, Is.Not.Empty);
        Assert.That(objections, Is.Empty);
    }

    private static IEnumerable<string> Check(string name, int place, string[] cells, IEnumerable<(string Path, JsonNode Schema)> keys)
    {
        var found = keys.Where(k => k.Path == name || k.Path.EndsWith("." + name, StringComparison.Ordinal)).Select(static k => k.Schema).ToList();
        if (found.Count == 0)
        {
            return [$"{name} is no setting"];
        }

        // What depends on other settings is said in words, and what all judges have in common in another README.
        var defaults = cells[2].Split("; ");
        var said = place < defaults.Length ? defaults[place] : "";
        var known = found.Where(static s => s["default"] is not null).Select(static s => s["default"]!.ToString()).ToList();
        var objections = new List<string>();
        if (Literal().IsMatch(said) && known.Count > 0 && !known.Contains(said.Trim('`').Replace(",", "", StringComparison.Ordinal)))
        {
            objections.Add($"{name}: the default is {string.Join(" or ", known)} and not {said}");
        }

        var numbers = Number().Matches(cells[1]).Select(static m =>
            decimal.Parse(m.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)).ToList();
        var bounds = found.SelectMany(static s => new[] { s["minimum"], s["maximum"] }).Where(static b => b is not null).Select(static b =>
            b!.GetValue<decimal>())
            .Where(static b => b < int.MaxValue).ToList();
        if (numbers.Count > 0 && !bounds.TrueForAll(numbers.Contains))
        {
            objections.Add($"{name}: the bounds are {string.Join(" or ", bounds)} and not {cells[1]}");
        }

        return objections;
    }

    // "`credentials.aws_access_key`, `.aws_secret_key`" are two of one object.
    private static IEnumerable<string> NamesIn(string cell)
    {
        var last = "";
        foreach (Match match in Quoted().Matches(cell))
        {
            var name = match.Value.Trim('`');
            last = name.StartsWith('.') ? last[..last.LastIndexOf('.')] + name : name;
            if (Key().IsMatch(last))
            {
                yield return last;
            }
        }
    }

    private static IEnumerable<(string Path, JsonNode Schema)> Flatten(JsonNode schema, string path)
    {
        foreach (var (key, value) in schema["properties"] as JsonObject ?? [])
        {
            if (key != "$secret")
            {
                var inner = path.Length == 0 ? key : $"{path}.{key}";
                yield return (inner, value!);
                foreach (var found in Flatten(value!, inner))
                {
                    yield return found;
                }
            }
        }

        var others = (schema["oneOf"] as JsonArray ?? []).Append(schema["items"]).Append(schema["additionalProperties"]);
        foreach (var found in others.OfType<JsonObject>().SelectMany(other => Flatten(other, path)))
        {
            yield return found;
        }
    }

    private static async Task<JsonNode> SchemaOfAsync(string readme)
    {
        using var run = new ToolRun();
        Assert.That(await run.CommandAsync("schema"), Is.Zero, run.Error);
        var plugins = JsonNode.Parse(run.Output)!["$defs"]!.AsObject();
        return Quoted().Matches(readme).Select(m => plugins[m.Value.Trim('`')]).First(static found => found is not null)!;
    }

    private static string ReadmeOf(string folder) => File.ReadAllText(Path.Combine(Root(), "src", folder, "README.md")).ReplaceLineEndings("\n");

    private static string Root()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "src", "LlmGuard.Tool")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("the repository was not found above the tests");
        }

        return folder.FullName;
    }

    [GeneratedRegex("```jsonc\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\| key \| type \| default \| meaning \|\n\|[-| ]+\|\n(?<rows>(?:\|.*\n)+)")]
    private static partial Regex Table();

    [GeneratedRegex("```jsonc?\n.*?```|`[^`\n]+`", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[a-z_]+(\.[a-z_]+)*$")]
    private static partial Regex Key();

    [GeneratedRegex(@"^([\d.,]+|`[^`]+`)$")]
    private static partial Regex Literal();

    [GeneratedRegex(@"(?<![\w.])\d[\d,]*(\.\d+)?(?![\w])")]
    private static partial Regex Number();
}
