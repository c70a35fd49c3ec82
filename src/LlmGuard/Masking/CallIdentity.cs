using System.Security.Cryptography;
using System.Text;

namespace LlmGuard.Masking;

/// <summary>Tells which calls belong together. What it returns is no secret; nobody learns names or texts from it who does not know them.</summary>
internal static class CallIdentity
{
    /// <summary>Length of an identity.</summary>
    public const int Bytes = SHA256.HashSizeInBytes;

    /// <summary>The caller; null when it is not one that is known by name: strangers share nothing.</summary>
    public static byte[]? OfCaller(GuardrailCaller caller) => caller.Consumer is { } name ? SHA256.HashData(Encoding.UTF8.GetBytes(name)) : null;

    /// <summary>The conversation of a caller; null when either is not known.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="name">What the application calls the conversation, or null.</param>
    /// <param name="request">The request. APIs without a memory are sent the whole conversation each time, and so its first user message.</param>
    public static byte[]? OfConversation(GuardrailCaller caller, string? name, GuardrailContent request)
    {
        if (OfCaller(caller) is not { } owner)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(owner);
        if (name is not null)
        {
            hash.AppendData("name"u8);
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            return hash.GetHashAndReset();
        }

        var message = int.MinValue;
        foreach (var segment in request)
        {
            if (segment.Role != SegmentRole.User || segment.Kind != SegmentKind.Message || segment.Payload != PayloadKind.Text)
            {
                continue;
            }

            if (message != int.MinValue && segment.Position.Message != message)
            {
                break;
            }

            message = segment.Position.Message;
            hash.AppendData("text"u8);
            hash.AppendData(BitConverter.GetBytes(segment.Utf8.Length));
            hash.AppendData(segment.Utf8.Span);
        }

        return message == int.MinValue ? null : hash.GetHashAndReset();
    }
}
