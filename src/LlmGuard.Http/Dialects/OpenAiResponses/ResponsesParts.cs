using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>Content parts, which input, output and stream events share.</summary>
internal static class ResponsesParts
{
    /// <summary>Annotations point into the part's text: they are dropped when that is edited.</summary>
    private static readonly Place Annotation = Expect.OneOf(Expect.Unknown, item: Expect.Object(
        ("type", Expect.Word("url_citation", "file_citation", "container_file_citation", "file_path")),
        ("title", Expect.Text(SegmentKind.Document)),
        ("url", Expect.Text(SegmentKind.Document)),
        ("filename", Expect.Text(SegmentKind.Document)),
        ("file_id", Expect.Id),
        ("container_id", Expect.Id),
        ("index", Expect.Scalar),
        ("start_index", Expect.Scalar),
        ("end_index", Expect.Scalar)));

    private static readonly Place Text = Expect.Object(
        ("type", Expect.Ignored),
        ("text", Expect.Part),
        ("annotations", Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: true, Expect.Array(Annotation)))),
        ("logprobs", Expect.Derived(messageOnly: false)));

    private static readonly Place Image = Expect.Object(
        ("type", Expect.Ignored),
        ("image_url", Expect.OneOf(Expect.Url(UninspectedKind.Image), item: Expect.Object(("url", Expect.Url(UninspectedKind.Image))))),
        ("file_id", new IdentifierPlace(null, UninspectedKind.Image)),
        ("detail", Expect.Word("auto", "low", "high", "original")));

    private static readonly Place File = new MediaObjectPlace(
        UninspectedKind.File,
        static (_, _) => null,
        "filedata",
        Expect.Object(
            ("type", Expect.Ignored),
            ("file_data", Expect.Ignored),
            ("file_url", Expect.Url(UninspectedKind.File)),
            ("filename", Expect.Text(SegmentKind.Document)),
            ("file_id", Expect.FileId),
            ("detail", Expect.Word("auto", "low", "high"))));

    private static readonly Place Audio = Expect.Object(
        ("type", Expect.Ignored),
        ("input_audio", new MediaObjectPlace(
            UninspectedKind.Audio,
            static (walk, token) => "audio/" + (walk.String(walk.Find(token, "format"u8)) is { Length: <= 16 } format ? format : "wav"),
            "data",
            Expect.Object(("data", Expect.Ignored), ("format", Expect.Word("wav", "mp3"))))));

    /// <summary>One part. A part of an unknown type is walked, its text joined with the others'.</summary>
    public static Place Part { get; } = Expect.OneOf(Expect.Part, item: Expect.In(
        static (walk, _, context) => context with { Scope = walk.NewScope() },
        Expect.Union(
            Expect.Object(("text", Expect.In(static (_, _, c) => c with { Kind = SegmentKind.Unknown }, Expect.Part))),
            ("output_text", Text),
            ("input_text", Text),
            ("text", Text),
            ("summary_text", Reasoning(Text)),
            ("reasoning_text", Reasoning(Text)),
            ("refusal", Expect.Object(("type", Expect.Ignored), ("refusal", Expect.Text(SegmentKind.Refusal)))),
            ("input_image", Image),
            ("computer_screenshot", Image),
            ("input_file", File),
            ("input_audio", Audio))));

    /// <summary>Content that is a text or a list of parts.</summary>
    public static Place Content { get; } = Expect.OneOf(Expect.Plain, Expect.Parts(Part, PositionAxis.Part), Part);

    /// <summary>The annotation of an event of its own.</summary>
    public static Place StreamedAnnotation => Annotation;

    private static Place Reasoning(Place place) => Expect.In(static (_, _, c) => c with { Kind = SegmentKind.Reasoning }, place);
}
