namespace LlmGuard.Http.Wire.Heads;

/// <summary>
/// Signatures that only the sender can renew: AWS SigV4 (header or query), HTTP message signatures (RFC 9421), and any header that calls itself a
/// signature. A message under one cannot be edited; the receiver would refuse it at best.
/// </summary>
internal static class KeyedSignature
{
    public static bool Covers(WireHead head)
    {
        foreach (var (name, value) in head.Headers)
        {
            if (HeaderNames.IsSignature(name)
                || (name.Equals("authorization", StringComparison.OrdinalIgnoreCase)
                    && (value.StartsWith("AWS4-", StringComparison.OrdinalIgnoreCase)
                        || value.StartsWith("Signature ", StringComparison.OrdinalIgnoreCase)
                        || value.StartsWith("HMAC", StringComparison.OrdinalIgnoreCase))))
            {
                return true;
            }
        }

        foreach (var pair in head.RawQuery.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (QueryNames.IsSigned(Uri.UnescapeDataString(pair.Split('=')[0])))
            {
                return true;
            }
        }

        return false;
    }
}
