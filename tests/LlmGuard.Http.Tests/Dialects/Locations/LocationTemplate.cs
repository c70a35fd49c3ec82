namespace LlmGuard.Http.Tests.Dialects.Locations;

/// <summary>What a row of the specification looks like on the wire, and what must come of it.</summary>
/// <param name="Body">The JSON with <c>@</c> where the marker goes.</param>
/// <param name="Role">The role of the marker's segment.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Fate">What happens to the marker.</param>
internal sealed record LocationTemplate(string Body, string Role, string Kind, Fate Fate = Fate.Masked)
{
    /// <summary><c>@MARKER@</c>: what base64 templates hold instead of the marker itself.</summary>
    public const string Base64 = "QE1BUktFUkA=";

    /// <summary>What must be reported as not inspected besides.</summary>
    public UninspectedKind? Uninspected { get; init; }

    /// <summary>The dialect it is read as, where one API of the specification is several dialects.</summary>
    public string? Dialect { get; init; }
}

internal enum Fate
{
    /// <summary>Seen and masked.</summary>
    Masked,

    /// <summary>Seen; a mask cannot be applied.</summary>
    Fixed,

    /// <summary>Not text: reported as not inspected.</summary>
    Reported,

    /// <summary>Gone once the text next to it (<c>MASKME</c>) is edited.</summary>
    Dropped,

    /// <summary>A credential: never a segment.</summary>
    Secret,
}
