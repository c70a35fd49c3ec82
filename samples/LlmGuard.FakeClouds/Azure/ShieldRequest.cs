using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Azure;

/// <summary>A request to <c>text:shieldPrompt</c>.</summary>
internal sealed record ShieldRequest(string? Prompt, IReadOnlyList<string> Documents)
{
    private const int MaxDocuments = 5;
    private const int MaxUnits = 10_000;

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestRefusedException">It does not fit.</exception>
    public static ShieldRequest Read(FakeRequest request)
    {
        var members = new RequestMembers(request, "ShieldPromptOptions", "userPrompt", "documents");
        var prompt = members.Text("userPrompt");
        var documents = members.Texts("documents") ?? [];
        if (prompt is null && documents.Length == 0)
        {
            throw RequestRefusedException.Body("Neither 'userPrompt' nor 'documents'.");
        }

        if (prompt is not null)
        {
            TextAnalysisRequest.Limited(prompt, "userPrompt", 1);
        }

        if (documents.Length > MaxDocuments || documents.Sum(RequestMembers.LengthOf) > MaxUnits || documents.Any(d => d.Length == 0))
        {
            throw RequestRefusedException.Body("'documents' has too many, too long or empty documents.");
        }

        return new ShieldRequest(prompt, documents);
    }
}
