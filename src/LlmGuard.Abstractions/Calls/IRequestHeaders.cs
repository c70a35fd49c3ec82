namespace LlmGuard;

/// <summary>The headers of a request, for telling calls apart. What a client wrote into them is its own claim.</summary>
public interface IRequestHeaders
{
    /// <summary>
    /// The SHA-256, in lower-case hexadecimal, of the credential the request carries (<c>Authorization</c>, <c>x-api-key</c>, <c>api-key</c>,
    /// <c>x-goog-api-key</c>; the first that is there); null when there is none. The credential itself is shown to nobody.
    /// </summary>
    string? CredentialHash { get; }

    /// <summary>The values of a header, joined with commas in their order; null when it is absent or may hold a credential.</summary>
    /// <param name="name">The name, in any case.</param>
    string? Find(string name);
}
