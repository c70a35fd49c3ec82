using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Azure;

/// <summary>Answers in the service's own words.</summary>
internal static class AzureAnswers
{
    /// <summary>What a text holds.</summary>
    public static FakeAnswer Analysis(TextAnalysisRequest request, ConcurrentDictionary<string, string[]> blocklists)
    {
        var matches = new List<(string List, int Item, string Word)>();
        foreach (var list in request.Blocklists)
        {
            if (!blocklists.TryGetValue(list, out var words))
            {
                throw new RequestRefusedException(404, "ResourceNotFound", "The blocklist does not exist.");
            }

            matches.AddRange(words.Index().Where(w => request.Text.Contains(w.Item, StringComparison.OrdinalIgnoreCase)).Select(w =>
                (list, w.Index, w.Item)));
        }

        var isHalted = request.Halts && matches.Count > 0;
        return Ok(writer =>
        {
            writer.WriteStartArray("blocklistsMatch");
            foreach (var (list, item, word) in matches)
            {
                writer.WriteStartObject();
                writer.WriteString("blocklistName", list);
                writer.WriteString("blocklistItemId", new Guid(item, 0, 0, new byte[8]));
                writer.WriteString("blocklistItemText", word);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            WriteCategories(writer, isHalted ? [] : request.Categories, request.Text, request.IsEightLevels);
        });
    }

    /// <summary>What an image shows.</summary>
    public static FakeAnswer Analysis(ImageAnalysisRequest request) =>
        Ok(writer => WriteCategories(writer, request.Categories, request.Shows, isEightLevels: false));

    /// <summary>Whether there are attacks.</summary>
    public static FakeAnswer Shield(ShieldRequest request) => Ok(writer =>
    {
        if (request.Prompt is { } prompt)
        {
            writer.WritePropertyName("userPromptAnalysis");
            WriteAttack(writer, prompt);
        }

        writer.WriteStartArray("documentsAnalysis");
        foreach (var document in request.Documents)
        {
            WriteAttack(writer, document);
        }

        writer.WriteEndArray();
    });

    /// <summary>Whether a text belongs to somebody.</summary>
    public static FakeAnswer Material(MaterialRequest request) => Ok(writer =>
    {
        writer.WriteStartObject("protectedMaterialAnalysis");
        writer.WriteBoolean("detected", request.Text.Contains(FakeAzureContentSafety.Lyrics, StringComparison.Ordinal));
        writer.WriteEndObject();
    });

    /// <summary>An error of the service.</summary>
    public static FakeAnswer Error(int status, string code, string message) =>
        new(status, ErrorBody(code, message, code), "application/json", ("x-ms-error-code", code), ("x-ms-region", "Fake"));

    /// <summary>An error of the gateway in front of it: its code is the status.</summary>
    public static FakeAnswer GatewayError(int status, string message) => new(status, ErrorBody($"{status}", message));

    /// <summary>The body of an error.</summary>
    public static string ErrorBody(string code, string message, string? inner = null) => Json(writer =>
    {
        writer.WriteStartObject("error");
        writer.WriteString("code", code);
        writer.WriteString("message", message);
        if (inner is not null)
        {
            writer.WriteStartObject("innererror");
            writer.WriteString("code", inner);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static void WriteCategories(Utf8JsonWriter writer, IReadOnlyList<string> categories, string text, bool isEightLevels)
    {
        writer.WriteStartArray("categoriesAnalysis");
        foreach (var category in categories)
        {
            var severity =
                Regex.Matches(text, FakeAzureContentSafety.TriggerOf(category, 0)[..^1] + "([0-7])").Select(m =>
                m.Groups[1].Value[0] - '0').DefaultIfEmpty(0).Max();
            writer.WriteStartObject();
            writer.WriteString("category", category);
            writer.WriteNumber("severity", isEightLevels ? severity : severity & ~1);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteAttack(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("attackDetected", text.Contains(FakeAzureContentSafety.Attack, StringComparison.Ordinal));
        writer.WriteEndObject();
    }

    private static FakeAnswer Ok(Action<Utf8JsonWriter> members) =>
        new(200, Json(members), "application/json; charset=utf-8", ("x-ms-region", "Fake"));

    private static string Json(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
