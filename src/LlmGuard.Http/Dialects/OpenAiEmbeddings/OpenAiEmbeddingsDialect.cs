using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiEmbeddings;

/// <summary>OpenAI embeddings, Azure's paths for them, and the many servers that speak the same. Answers hold vectors and no text.</summary>
internal sealed class OpenAiEmbeddingsDialect : Dialect
{
    private static readonly Place Request = Expect.Object(
        ("model", Expect.Id),
        ("input", Expect.As(SegmentRole.User, SegmentKind.Message, new PromptPlace(Expect.Plain))),
        ("user", Expect.Text(SegmentKind.Metadata)),
        ("encoding_format", Expect.Word("float", "base64")),
        ("dimensions", Expect.Scalar));

    private static readonly Place Answer = Expect.Object(
        ("object", Expect.Word("list")),
        ("model", Expect.Envelope("model")),
        ("data", Expect.OneOf(Expect.Unknown, Expect.Array(Expect.Object(
            ("object", Expect.Word("embedding")), ("index", Expect.Scalar), ("embedding", new VectorPlace()))))),
        ("usage", Expect.Figures()),
        ("error", Expect.In(static (_, _, c) => c with { Kind = SegmentKind.Error }, Expect.Tree(SegmentKind.Error))));

    public override string Id => "openai.embeddings";

    public override bool Serves(ReadOnlySpan<string> path) => DialectPath.IsOfApi(path, "embeddings");

    // A request has no member of its own: what is not read on its path is walked.
    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        members.ContainsKey("input") && members.ContainsKey("model") && members.ContainsKey("encodingformat");

    public override Place Root(JsonDirection direction) => direction == JsonDirection.Request ? Request : Answer;

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        var facts = CallFacts.Of(walk) with { IsStreaming = false };
        return direction == JsonDirection.Request ? facts : facts with { Usage = CommonUsage.OpenAi(walk) };
    }

    // There are no tokens of an answer to limit, and usage is always reported.
    public override bool TryChange(RequestChange change, RequestMembers members) => change switch
    {
        RequestChange.Model model => CommonChanges.Model(model, members),
        RequestChange.MaxTokens or RequestChange.ReportUsage => true,
        _ => false,
    };

    public override DialectAnswer Error(RefusedCall call) => CommonErrors.OpenAi(call);

    public override DialectAnswer? Completion(RefusedCall call) => null;
}
