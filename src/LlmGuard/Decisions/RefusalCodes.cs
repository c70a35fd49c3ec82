namespace LlmGuard;

/// <summary>The codes of refusals that no verdict asked for. A refusal by verdict carries the plugin's identifier instead.</summary>
public static class RefusalCodes
{
    /// <summary>The request could not be inspected.</summary>
    public const string InputUninspectable = "guardrail_input_uninspectable";

    /// <summary>The upstream's answer could not be inspected.</summary>
    public const string OutputUninspectable = "guardrail_output_uninspectable";

    /// <summary>A guardrail that must run is not available, or the process is out of room for held content.</summary>
    public const string Unavailable = "guardrail_unavailable";

    /// <summary>The path reads differently to different servers, and one reading belongs to another rule.</summary>
    public const string AmbiguousPath = "ambiguous_path";

    /// <summary>The policy refuses callers that are not identified.</summary>
    public const string Unidentified = "guardrail_unidentified";
}
