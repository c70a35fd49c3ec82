using System.Security.Cryptography;

namespace LlmGuard.Execution;

/// <summary>Makes ids of calls: 128 random bits that nobody can guess, in hexadecimal.</summary>
internal static class CallId
{
    private const int Bytes = 16;

    // Asking the operating system's generator costs half a microsecond whatever is asked for, so every thread asks for many ids at once.
    private const int Stock = 64;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    public static string New()
    {
        var random = _random ??= new byte[Bytes * Stock];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = Stock;
        }

        var next = random.AsSpan(--_left * Bytes, Bytes);
        var id = Convert.ToHexStringLower(next);

        // What has been given away is not kept.
        next.Clear();
        return id;
    }
}
