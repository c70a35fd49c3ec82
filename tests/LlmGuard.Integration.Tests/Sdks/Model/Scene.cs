namespace LlmGuard.Integration.Tests.Sdks.Model;

/// <summary>What the scripted model says when a prompt names the scene: the same words in every dialect, streamed in these pieces.</summary>
/// <param name="Name">The word of the prompt that chooses it.</param>
/// <param name="First">What it says at once; in a stream it then waits until the application has read some of it.</param>
/// <param name="Rest">What it says after that.</param>
/// <param name="Arguments">The arguments of the tool call that follows, as JSON; none for no call.</param>
internal sealed record Scene(string Name, string First, IReadOnlyList<string> Rest, IReadOnlyList<string> Arguments)
{
    /// <summary>Says an address, cut in two.</summary>
    public static readonly Scene Address = new("scene-address", "", ["Understood. ", "Write to ann@exa", "mple.com ", "today."], []);

    /// <summary>Calls a tool with an address, cut in two.</summary>
    public static readonly Scene AddressInTool = new("scene-tool", "", ["I will write. "], ["{\"to\":\"ann@exa", "mple.com\",\"body\":", "\"hi\"}"]);

    /// <summary>Comes to a topic that the policy blocks, after words that it does not.</summary>
    public static readonly Scene Topic = new(
        "scene-topic", "The first step is simple, and everybody may know it. ",
        ["The second is called project bluebird", ", and nobody may.", " The end."], []);

    /// <summary>Begins with that topic, cut in two.</summary>
    public static readonly Scene TopicAtOnce = new("scene-begins-with-topic", "", ["project blue", "bird it is, ", "and nothing else."], []);

    /// <summary>Calls a tool with the topic that the policy blocks.</summary>
    public static readonly Scene TopicInTool =
        new("scene-hidden-tool", "I will write. ", [], ["{\"to\":\"bob\",\"body\":\"project blue", "bird starts\"}"]);

    /// <summary>Begins with what a judge of whole texts blocks.</summary>
    public static readonly Scene JudgedAtOnce =
        new("scene-judged-at-once", "", ["A plum it is, ", "and nothing but that, as far as anybody can see."], []);

    /// <summary>Comes to what a judge of whole texts blocks.</summary>
    public static readonly Scene JudgedLate = new(
        "scene-judged-late", "The first step is simple, and everybody may know it. ",
        ["The second, however, takes a plum", ", and nobody may know that one."], []);

    /// <summary>Comes to what a judge of whole texts is not available for.</summary>
    public static readonly Scene Unjudged = new(
        "scene-unjudged", "The first step is simple, and everybody may know it. ",
        ["The second, however, takes a pear", ", and nobody may know that one."], []);

    private static readonly Scene[] All = [Address, AddressInTool, Topic, TopicAtOnce, TopicInTool, JudgedAtOnce, JudgedLate, Unjudged];

    public bool HasTool => Arguments.Count > 0;

    /// <summary>The pieces of the text; null where the model waits for its reader.</summary>
    public IReadOnlyList<string?> Pieces => First.Length == 0 ? [.. Rest] : [First, null, .. Rest];

    public string Text => First + string.Concat(Rest);

    /// <summary>The scene that a request's body names.</summary>
    public static Scene Of(string body) =>
        Array.Find(All, scene => body.Contains(scene.Name, StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The prompt names no scene.");
}
