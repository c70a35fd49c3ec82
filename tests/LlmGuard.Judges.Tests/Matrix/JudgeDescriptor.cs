using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Judges.Tests.Matrix;

/// <summary>What the fault matrix must know about one judge. Each judge contributes one, in <see cref="AllJudges"/>.</summary>
internal sealed record JudgeDescriptor
{
    /// <summary>The plugin's identifier.</summary>
    public required string Plugin { get; init; }

    /// <summary>Adds the plugin.</summary>
    public required Action<IAiGuardrailsBuilder> Add { get; init; }

    /// <summary>Makes the vendor's fake.</summary>
    public required Func<FakeCloud> Fake { get; init; }

    /// <summary>
    /// The settings (a JSON object) that ask the server at an address, which is <see cref="FakeCloud.Address"/> or somewhere nothing answers. Without
    /// the keys all judges have: the matrix adds them.
    /// </summary>
    public required Func<Uri, string> Settings { get; init; }

    /// <summary>A text the fake flags, so that the judge blocks.</summary>
    public required string Flagged { get; init; }

    /// <summary>A text the fake has nothing against.</summary>
    public string Clean { get; init; } = "What is the capital of France?";

    /// <summary>The secrets in the settings, which must appear nowhere.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>The vendor's body of an error with a status.</summary>
    public required Func<int, string> ErrorBody { get; init; }

    /// <summary>Gives a member of the vendor's answer another type.</summary>
    public required Func<string, string> WrongType { get; init; }

    /// <summary>Takes the verdict out of the vendor's answer.</summary>
    public required Func<string, string> MissingVerdict { get; init; }

    /// <summary>Puts a value into the vendor's answer that its documentation does not know; null where it has no such values.</summary>
    public Func<string, string>? UnknownValue { get; init; }

    /// <summary>Empties the lists of the vendor's answer; null where an empty list is a verdict.</summary>
    public Func<string, string>? EmptyResults { get; init; }

    /// <summary>Whether it also runs at <c>pre_response</c>.</summary>
    public bool JudgesAnswers { get; init; } = true;

    public override string ToString() => Plugin;
}
