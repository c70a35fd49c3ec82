using System.Collections.Concurrent;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Azure;

/// <summary>
/// Azure AI Content Safety: <c>text:analyze</c>, <c>image:analyze</c>, <c>text:shieldPrompt</c> and <c>text:detectProtectedMaterial</c>. A text or an
/// image (by its bytes or its address) has a category's severity when it holds the words of <see cref="TriggerOf"/>.
/// </summary>
internal sealed class FakeAzureContentSafety : FakeCloud
{
    /// <summary>The key it accepts.</summary>
    public const string Key = "fakeazurekey0123456789abcdef0123";

    /// <summary>The access token it accepts; others, too, see <see cref="AcceptToken"/>.</summary>
    public const string Token = "fake.entra.token";

    /// <summary>Words that are an attack.</summary>
    public const string Attack = "FAKE-ATTACK";

    /// <summary>Words that belong to somebody.</summary>
    public const string Lyrics = "FAKE-LYRICS";

    private const string Folder = "/contentsafety/";

    private readonly ConcurrentDictionary<string, string[]> _blocklists = new(StringComparer.Ordinal);
    private volatile string _token = Token;

    public override string Name => "toxicity_azure";

    public override IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["AzureContentSafety"] = Key };

    /// <summary>The words that give a text or an image a severity from 1 to 7.</summary>
    public static string TriggerOf(string category, int severity = 4) => $"FAKE-{category.ToUpperInvariant()}-{severity}";

    /// <summary>What is answered above the rate.</summary>
    /// <param name="seconds">When to come back.</param>
    public static Fault Throttled(int seconds) => Fault.Instead(
        429,
        AzureAnswers.ErrorBody(
            "429",
            "Requests to the Content Safety Service have exceeded call rate limit of your current pricing tier. Please retry after "
                + $"{seconds} seconds."),
        "application/json",
        ("Retry-After", $"{seconds}"));

    /// <summary>Makes a blocklist, or replaces it.</summary>
    public void SetBlocklist(string name, params string[] words) => _blocklists[name] = words;

    /// <summary>Accepts another access token from now on, and no more the one before.</summary>
    public void AcceptToken(string token) => _token = token;

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (Refuse(request) is { } refused)
        {
            return refused;
        }

        var operation = request.Path[Folder.Length..];
        var version = request.Query["api-version"];
        try
        {
            return operation switch
            {
                "text:analyze" => AzureAnswers.Analysis(TextAnalysisRequest.Read(request), _blocklists),
                "image:analyze" => AzureAnswers.Analysis(ImageAnalysisRequest.Read(request)),
                "text:shieldPrompt" when version != "2023-10-01" => AzureAnswers.Shield(ShieldRequest.Read(request)),
                "text:detectProtectedMaterial" when version != "2023-10-01" => AzureAnswers.Material(MaterialRequest.Read(request)),
                _ => NotFound(request),
            };
        }
        catch (RequestRefusedException problem)
        {
            // A blocklist that does not exist is a mistake in a policy, not in a client.
            if (problem.Code == RequestRefusedException.InvalidBody)
            {
                Violate($"{operation}: {problem.Message}");
            }

            return AzureAnswers.Error(problem.Status, problem.Code, problem.Message);
        }
    }

    private FakeAnswer NotFound(FakeRequest request)
    {
        Violate($"{request.Method} {request.RawTarget}");
        return AzureAnswers.GatewayError(404, "Resource not found");
    }

    private FakeAnswer? Refuse(FakeRequest request)
    {
        // The gateway in front answers all of these, without the header of the service's own errors.
        if (request.Method != "POST" || !request.RawTarget.StartsWith(Folder, StringComparison.Ordinal))
        {
            return NotFound(request);
        }

        var (key, authorization) = (request.Header("Ocp-Apim-Subscription-Key"), request.Header("Authorization"));
        if (key is not null && authorization is not null)
        {
            Violate("both a key and a token");
        }

        if (key != Key && authorization != "Bearer " + _token)
        {
            return AzureAnswers.GatewayError(
                401,
                "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active "
                    + "subscription and use a correct regional API endpoint for your resource.");
        }

        // An unknown version has no operations.
        if (request.Query.Count != 1 || !request.Query.TryGetValue("api-version", out var version))
        {
            return NotFound(request);
        }

        if (version is not ("2023-10-01" or "2024-09-01" or "2024-02-15-preview"))
        {
            return AzureAnswers.GatewayError(404, "Resource not found");
        }

        if (request.Header("Content-Type") is not ("application/json" or "application/json; charset=utf-8"))
        {
            Violate("Content-Type is not application/json");
            return AzureAnswers.GatewayError(415, "Unsupported media type");
        }

        return null;
    }
}
