using LlmGuard.Remote;

namespace LlmGuard.Plugins.ToxicityAzure.Settings;

/// <summary>Where each operation is asked for.</summary>
/// <param name="Version">The version of the interface.</param>
/// <param name="AnalyzeText">Harm in a text.</param>
/// <param name="AnalyzeImage">Harm in an image.</param>
/// <param name="ShieldPrompt">Attacks in a prompt and documents.</param>
/// <param name="DetectProtectedMaterial">Known texts.</param>
internal sealed record OperationAddresses(string Version, Uri AnalyzeText, Uri AnalyzeImage, Uri ShieldPrompt, Uri DetectProtectedMaterial)
{
    private const string DefaultVersion = "2024-09-01";
    private const string TextOperation = "text:analyze";
    private const string ImageOperation = "image:analyze";
    private const string Folder = "contentsafety/";
    private const string VersionQuery = "?api-version=";

    /// <summary>The first version that has Prompt Shields and protected material.</summary>
    private const string ShieldsSince = "2024-02-15";

    /// <summary>Whether the version has Prompt Shields and protected material.</summary>
    public bool HasShields => string.CompareOrdinal(Version, ShieldsSince) >= 0;

    /// <summary>
    /// Reads <c>endpoint</c> and <c>api_version</c>, or the guide's <c>endpoints</c>: the full addresses of two operations, which are used as they
    /// stand and next to which the others lie.
    /// </summary>
    public static (JudgeSettings Judge, OperationAddresses Addresses) Read(GuardrailSettings settings)
    {
        var endpoints = settings.Object("endpoints");
        var text = Full(endpoints, "text", TextOperation);
        var image = Full(endpoints, "image", ImageOperation);
        var full = text ?? image;
        if (full is not null)
        {
            CheckFull(settings, endpoints, text, image);
        }

        var folder = full is null ? null : new Uri(full, ".");
        var judge = JudgeSettings.Read(settings, ToxicityAzurePlugin.Name, folder);
        var version = settings.Parsed("api_version", ReadVersion, full is null ? DefaultVersion : full.Query[VersionQuery.Length..]);
        if (full is null && judge.Endpoint.AbsolutePath.EndsWith("/" + Folder, StringComparison.OrdinalIgnoreCase))
        {
            settings.Problem("endpoint", $"expected the resource without \"{Folder}\", which is appended");
        }

        folder ??= new Uri(judge.Endpoint, Folder);
        return (judge, new OperationAddresses(
            version,
            text ?? At(TextOperation),
            image ?? At(ImageOperation),
            At("text:shieldPrompt"),
            At("text:detectProtectedMaterial")));

        // Not by a relative URI: "text:" would be read as a scheme.
        Uri At(string operation) => new(folder.AbsoluteUri + operation + VersionQuery + version);
    }

    private static Uri? Full(GuardrailSettings endpoints, string key, string operation)
    {
        if (endpoints.HttpUri(key) is not { } uri)
        {
            return null;
        }

        if (uri.Segments[^1] == operation && uri.Query.StartsWith(VersionQuery, StringComparison.Ordinal)
            && IsVersion(uri.Query[VersionQuery.Length..]) && uri.Fragment.Length == 0)
        {
            return uri;
        }

        endpoints.Problem(
            key, "expected the operation's full address: "
                + $"https://<resource>.cognitiveservices.azure.com/contentsafety/{operation}{VersionQuery}{DefaultVersion}");
        return null;
    }

    private static void CheckFull(GuardrailSettings settings, GuardrailSettings endpoints, Uri? text, Uri? image)
    {
        if (settings.Has("endpoint"))
        {
            settings.Problem("endpoint", "says the same as \"endpoints\": give one of them");
        }

        if (settings.Has("api_version"))
        {
            settings.Problem("api_version", "stands in \"endpoints\" already: give it once");
        }

        if (text is not null && image is not null && !IsSameServer(text, image))
        {
            endpoints.Problem("image", "must lie at the same host as \"text\", since both are asked with the same key: make two entries of it");
        }
    }

    private static bool IsSameServer(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static string ReadVersion(string text) =>
        IsVersion(text) ? text : throw new FormatException($"expected a version such as \"{DefaultVersion}\"");

    private static bool IsVersion(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}
