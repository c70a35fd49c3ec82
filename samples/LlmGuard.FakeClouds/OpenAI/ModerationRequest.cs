using System.Text;
using System.Text.Json;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.OpenAI;

/// <summary>A request to the moderation, checked member by member against OpenAI's interface description.</summary>
internal sealed record ModerationRequest(string Model, IReadOnlyList<ModerationInput> Inputs)
{
    private static readonly string[] Models =
        ["omni-moderation-latest", "omni-moderation-2024-09-26", "text-moderation-latest", "text-moderation-stable"];

    public static IReadOnlyList<string> TextModelCategories { get; } =
    [
        "harassment", "harassment/threatening", "hate", "hate/threatening", "self-harm", "self-harm/intent", "self-harm/instructions",
        "sexual", "sexual/minors", "violence", "violence/graphic",
    ];

    public static IReadOnlyList<string> Categories { get; } = [.. TextModelCategories, "illicit", "illicit/violent"];

    /// <summary>Those for which images are scored.</summary>
    public static IReadOnlySet<string> ImageCategories { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "self-harm", "self-harm/intent",
            "self-harm/instructions", "sexual", "violence", "violence/graphic" };

    public bool IsKnownModel => Models.Contains(Model, StringComparer.Ordinal);

    public bool IsTextModel => Model.StartsWith("text-", StringComparison.Ordinal);

    /// <summary>Reads a request; null with the problem when it does not fit.</summary>
    public static ModerationRequest? Read(FakeRequest request, out string problem)
    {
        problem = "";
        if (request.Header("Content-Type") is not ("application/json" or "application/json; charset=utf-8"))
        {
            problem = "Content-Type is not application/json.";
        }
        else if (request.Json() is not { ValueKind: JsonValueKind.Object } root)
        {
            problem = "The body is not a JSON object.";
        }
        else if (root.EnumerateObject().FirstOrDefault(m =>
            m.Name is not ("input" or "model")) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            problem = $"Unrecognized request argument supplied: {unknown.Name}";
        }
        else if (root.TryGetProperty("model", out var model) && model.ValueKind != JsonValueKind.String)
        {
            problem = "'model' is not a string.";
        }
        else if (!root.TryGetProperty("input", out var input))
        {
            problem = "'input' is a required property.";
        }
        else if (InputsOf(input, ref problem) is { } inputs)
        {
            return new ModerationRequest(model.ValueKind == JsonValueKind.String ? model.GetString()! : Models[0], inputs);
        }

        return null;
    }

    private static List<ModerationInput>? InputsOf(JsonElement input, ref string problem)
    {
        if (input.ValueKind == JsonValueKind.String)
        {
            return input.GetString() is { Length: > 0 } text
                ? [new ModerationInput { Text = text, HasText = true }]
                : Refuse("'input' is empty.", ref problem);
        }

        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)
        {
            return Refuse("'input' is neither a string nor an array with items.", ref problem);
        }

        if (input.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
        {
            return input.EnumerateArray().Any(item => item.GetString()!.Length == 0)
                ? Refuse("'input' holds an empty string.", ref problem)
                : [.. input.EnumerateArray().Select(item => new ModerationInput { Text = item.GetString()!, HasText = true })];
        }

        // Inputs of several kinds are judged together and have one result.
        var together = new ModerationInput();
        foreach (var item in input.EnumerateArray())
        {
            if (Part(item, together) is not { } next)
            {
                return Refuse("'input' holds an item that is neither a text nor an image.", ref problem);
            }

            together = next;
        }

        return [together];
    }

    private static ModerationInput? Part(JsonElement item, ModerationInput together)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("type", out var type) || item.EnumerateObject().Count() != 2)
        {
            return null;
        }

        if (type.ValueEquals("text") && item.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
        {
            return together with { Text = together.Text + text.GetString(), HasText = true };
        }

        if (type.ValueEquals("image_url")
            && item.TryGetProperty("image_url", out var image)
            && image.ValueKind == JsonValueKind.Object
            && image.EnumerateObject().Count() == 1
            && image.TryGetProperty("url", out var url)
            && url.ValueKind == JsonValueKind.String
            && ImageText(url.GetString()!) is { } read
            && !together.HasImage)
        {
            return together with { ImageText = read, HasImage = true };
        }

        return null;
    }

    // What an image shows is written in its URL, or in its bytes.
    private static string? ImageText(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http" or "data"))
        {
            return null;
        }

        if (uri.Scheme != "data")
        {
            return url;
        }

        var comma = url.IndexOf(";base64,", StringComparison.Ordinal);
        var bytes = new byte[url.Length];
        return url.StartsWith("data:image/", StringComparison.Ordinal) && comma > 0
            && Convert.TryFromBase64String(url[(comma + 8)..], bytes, out var length)
            ? Encoding.Latin1.GetString(bytes, 0, length)
            : null;
    }

    private static List<ModerationInput>? Refuse(string reason, ref string problem)
    {
        problem = reason;
        return null;
    }
}

/// <summary>What is judged together.</summary>
internal sealed record ModerationInput
{
    public string Text { get; init; } = "";

    public string ImageText { get; init; } = "";

    public bool HasText { get; init; }

    public bool HasImage { get; init; }
}
