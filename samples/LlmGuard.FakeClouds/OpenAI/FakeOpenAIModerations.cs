using System.Globalization;
using System.Text.Json;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.OpenAI;

/// <summary>
/// <c>POST /v1/moderations</c>. A text is flagged for a category when it holds the word the category is given in <see cref="TriggerOf"/>; an image
/// when its URL or its bytes hold one.
/// </summary>
internal sealed class FakeOpenAIModerations : FakeCloud
{
    /// <summary>The key it accepts.</summary>
    public const string Key = "sk-fake-openai-key";

    /// <summary>The score of a category that is flagged.</summary>
    public const double High = 0.9971134662628174;

    private const double Low = 0.000011726012417057063;

    public override string Name => "toxicity_openai";

    /// <summary>The base URL of its API.</summary>
    public override Uri Endpoint => new(Address, "v1/");

    public override IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["OpenAI"] = Key };

    /// <summary>The word that makes it flag a category: <c>violence/graphic</c> has <c>FAKE-VIOLENCE-GRAPHIC</c>.</summary>
    public static string TriggerOf(string category) => "FAKE-" + category.ToUpperInvariant().Replace('/', '-');

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Method != "POST" || request.Path != "/v1/moderations")
        {
            Violate($"{request.Method} {request.Path}");
            return Error(404, $"Invalid URL ({request.Method} {request.Path})", "invalid_request_error", null, null);
        }

        if (request.Header("Authorization") != "Bearer " + Key)
        {
            return Error(401, "Incorrect API key provided: sk-wrong. You can find your API key at https://platform.openai.com/account/api-keys.",
                "invalid_request_error", null, "invalid_api_key");
        }

        if (ModerationRequest.Read(request, out var problem) is not { } moderation)
        {
            Violate(problem);
            return Error(400, problem, "invalid_request_error", "input", null);
        }

        if (!moderation.IsKnownModel)
        {
            return Error(404, $"The model `{moderation.Model}` does not exist or you do not have access to it.",
                "invalid_request_error", "model", "model_not_found");
        }

        return new FakeAnswer(200, Results(moderation), "application/json", ("openai-processing-ms", "12"), ("x-request-id", "req_fake"));
    }

    private static FakeAnswer Error(int status, string message, string type, string? param, string? code) =>
        new(status, Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteString("message", message);
            writer.WriteString("type", type);
            writer.WriteString("param", param);
            writer.WriteString("code", code);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }));

    private static string Results(ModerationRequest moderation) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", "modr-0d9740456c391e43c445bf0f010940c7");
        writer.WriteString("model", moderation.Model);
        writer.WriteStartArray("results");
        foreach (var input in moderation.Inputs)
        {
            WriteResult(writer, moderation, input);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteResult(Utf8JsonWriter writer, ModerationRequest moderation, ModerationInput input)
    {
        var scored = moderation.IsTextModel ? ModerationRequest.TextModelCategories : ModerationRequest.Categories;
        var hits = scored.Where(category => IsHit(input, category)).ToHashSet(StringComparer.Ordinal);
        writer.WriteStartObject();
        writer.WriteBoolean("flagged", hits.Count > 0);
        writer.WriteStartObject("categories");
        foreach (var category in scored)
        {
            writer.WriteBoolean(category, hits.Contains(category));
        }

        writer.WriteEndObject();
        writer.WriteStartObject("category_scores");
        foreach (var category in scored)
        {
            writer.WritePropertyName(category);
            writer.WriteRawValue((hits.Contains(category) ? High : Low).ToString("R", CultureInfo.InvariantCulture));
        }

        writer.WriteEndObject();
        if (!moderation.IsTextModel)
        {
            WriteAppliedTypes(writer, input);
        }

        writer.WriteEndObject();
    }

    private static bool IsHit(ModerationInput input, string category)
    {
        var trigger = TriggerOf(category);
        return input.Text.Split(trigger).Skip(1).Any(rest => rest.Length == 0 || (rest[0] != '-' && !char.IsAsciiLetterUpper(rest[0])))
            || (ModerationRequest.ImageCategories.Contains(category) && input.ImageText.Contains(trigger, StringComparison.Ordinal));
    }

    private static void WriteAppliedTypes(Utf8JsonWriter writer, ModerationInput input)
    {
        writer.WriteStartObject("category_applied_input_types");
        foreach (var category in ModerationRequest.Categories)
        {
            writer.WriteStartArray(category);
            if (input.HasText)
            {
                writer.WriteStringValue("text");
            }

            if (input.HasImage && ModerationRequest.ImageCategories.Contains(category))
            {
                writer.WriteStringValue("image");
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
