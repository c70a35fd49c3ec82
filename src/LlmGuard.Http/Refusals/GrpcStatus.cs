using System.Globalization;
using System.Text;

namespace LlmGuard.Http.Refusals;

/// <summary>
/// A refusal in the words of gRPC: its clients take a status in the headers before they look at HTTP's, and tell their callers the message with it.
/// </summary>
internal static class GrpcStatus
{
    private const int InvalidArgument = 3;
    private const int PermissionDenied = 7;
    private const int ResourceExhausted = 8;
    private const int Internal = 13;
    private const int Unavailable = 14;

    /// <summary>The status, and the message percent-encoded as gRPC does.</summary>
    public static KeyValuePair<string, string>[] HeadersOf(Refusal refusal) =>
    [
        new("grpc-status", CodeOf(refusal.StatusCode).ToString(CultureInfo.InvariantCulture)),
        new("grpc-message", Encode(refusal.Message)),
    ];

    private static int CodeOf(int statusCode) => statusCode switch
    {
        400 or 413 or 415 => InvalidArgument,
        429 => ResourceExhausted,
        503 => Unavailable,
        >= 500 => Internal,
        _ => PermissionDenied,
    };

    private static string Encode(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (var unit in Encoding.UTF8.GetBytes(message))
        {
            if (unit is >= 0x20 and < 0x7F and not (byte)'%')
            {
                encoded.Append((char)unit);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
            }
        }

        return encoded.ToString();
    }
}
