namespace LlmGuard.FakeClouds.Azure;

/// <summary>A request that the service refuses.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The service's code.</param>
/// <param name="message">What is wrong.</param>
internal sealed class RequestRefusedException(int status, string code, string message) : Exception(message)
{
    /// <summary>The code of a body that does not fit the interface description.</summary>
    public const string InvalidBody = "InvalidRequestBody";

    public int Status => status;

    public string Code => code;

    /// <summary>A body that does not fit.</summary>
    public static RequestRefusedException Body(string message) => new(400, InvalidBody, message);
}
