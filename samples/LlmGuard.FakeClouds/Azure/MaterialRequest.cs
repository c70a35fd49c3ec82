using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Azure;

/// <summary>A request to <c>text:detectProtectedMaterial</c>.</summary>
internal sealed record MaterialRequest(string Text)
{
    private const int MinUnits = 110;

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestRefusedException">It does not fit.</exception>
    public static MaterialRequest Read(FakeRequest request) =>
        new(TextAnalysisRequest.Limited(new RequestMembers(request, "DetectTextProtectedMaterialOptions", "text").Text("text"), "text", MinUnits));
}
