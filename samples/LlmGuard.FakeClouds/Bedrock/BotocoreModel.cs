using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmGuard.FakeClouds.Bedrock;

/// <summary>The official model of a service in botocore's form, for checking requests and answers member by member.</summary>
/// <remarks>
/// Reads structures (required members, unions), lists, strings (<c>enum</c>, <c>pattern</c>, length), numbers, booleans and blobs. Members that go
/// into the URI are no part of the body.
/// </remarks>
internal sealed class BotocoreModel
{
    private readonly JsonElement _shapes;

    private BotocoreModel(JsonElement document) => _shapes = document.GetProperty("shapes");

    /// <summary>A model of the shared folder; null when the folder is not there.</summary>
    /// <param name="file">The file's name.</param>
    public static BotocoreModel? Find(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "reference", "specs", file);
            if (File.Exists(path))
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(path));
                return new BotocoreModel(document.RootElement.Clone());
            }
        }

        return null;
    }

    /// <summary>Where a value does not fit a shape, as paths with reasons; none when it fits.</summary>
    public IReadOnlyList<string> Check(string shape, JsonElement value)
    {
        var problems = new List<string>();
        Check(shape, value, "$", problems);
        return problems;
    }

    /// <summary>Whether a text fits a string shape: for members of the URI.</summary>
    public bool Fits(string shape, string text) => StringProblem(_shapes.GetProperty(shape), text) is null;

    private void Check(string name, JsonElement value, string path, List<string> problems)
    {
        var shape = _shapes.GetProperty(name);
        switch (shape.GetProperty("type").GetString())
        {
            case "structure":
                CheckStructure(shape, value, path, problems);
                break;
            case "list" when value.ValueKind == JsonValueKind.Array:
                CheckRange(shape, value.GetArrayLength(), path, problems);
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Check(shape.GetProperty("member").GetProperty("shape").GetString()!, item, $"{path}[{index}]", problems);
                }

                break;
            case "string" when value.ValueKind == JsonValueKind.String:
                if (StringProblem(shape, value.GetString()!) is { } problem)
                {
                    problems.Add($"{path} {problem}");
                }

                break;
            case "blob" when value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes):
                CheckRange(shape, bytes.Length, path, problems);
                break;
            case "integer" or "long" when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole):
                CheckRange(shape, whole, path, problems);
                break;
            case "double" when value.ValueKind == JsonValueKind.Number:
                CheckRange(shape, value.GetDouble(), path, problems);
                break;
            case "boolean" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                break;
            case var type:
                problems.Add($"{path} is not of the type {type}");
                break;
        }
    }

    private void CheckStructure(JsonElement shape, JsonElement value, string path, List<string> problems)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{path} is not an object");
            return;
        }

        var members = shape.GetProperty("members");
        foreach (var member in value.EnumerateObject())
        {
            if (members.TryGetProperty(member.Name, out var known) && !known.TryGetProperty("location", out _))
            {
                Check(known.GetProperty("shape").GetString()!, member.Value, $"{path}.{member.Name}", problems);
            }
            else
            {
                problems.Add($"{path}.{member.Name} is not described");
            }
        }

        if (shape.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(n => n.GetString()!))
            {
                if (!members.GetProperty(name).TryGetProperty("location", out _) && !value.TryGetProperty(name, out _))
                {
                    problems.Add($"{path}.{name} is missing");
                }
            }
        }

        if (shape.TryGetProperty("union", out _) && value.EnumerateObject().Count() != 1)
        {
            problems.Add($"{path} is not exactly one member of a union");
        }
    }

    private static string? StringProblem(JsonElement shape, string text)
    {
        if (shape.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(w => w.ValueEquals(text)))
        {
            return "is not one of the listed values";
        }

        if (shape.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text,
            $@"\A(?:{pattern.GetString()})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)))
        {
            return "does not fit the pattern";
        }

        return IsInRange(shape, text.EnumerateRunes().Count()) ? null : "is too short or too long";
    }

    private static void CheckRange(JsonElement shape, double value, string path, List<string> problems)
    {
        if (!IsInRange(shape, value))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path} is out of range: {value}"));
        }
    }

    private static bool IsInRange(JsonElement shape, double value) =>
        (!shape.TryGetProperty("min", out var min) || value >= min.GetDouble())
            && (!shape.TryGetProperty("max", out var max) || value <= max.GetDouble());
}
