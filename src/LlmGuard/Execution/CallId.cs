using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LlmGuard.Execution;

/// <summary>The id of a call: 128 random bits that nobody can guess. They become text where somebody asks for it.</summary>
internal readonly struct CallId
{
    private const int Bytes = 16;

    // Asking the operating system's generator costs half a microsecond whatever is asked for, so every thread asks for many ids at once.
    private const int Stock = 64;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    private readonly UInt128 _bits;

    private CallId(UInt128 bits) => _bits = bits;

    public static CallId New()
    {
        var random = _random ??= new byte[Bytes * Stock];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = Stock;
        }

        var next = random.AsSpan(--_left * Bytes, Bytes);
        var id = new CallId(MemoryMarshal.Read<UInt128>(next));

        // What has been given away is not kept.
        next.Clear();
        return id;
    }

    /// <summary>In lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in _bits)));
}
