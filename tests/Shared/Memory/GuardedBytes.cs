using System.Runtime.InteropServices;

namespace LlmGuard.Tests;

/// <summary>A page between two that must not be read: whoever looks one byte too far ends the process.</summary>
internal sealed unsafe partial class GuardedBytes : IDisposable
{
    /// <summary>Bytes of the page.</summary>
    public const int Size = 4096;

    private const int None = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _pages;

    public GuardedBytes()
    {
        _pages = (byte*)Map(null, 3 * Size, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.That((nint)_pages, Is.Not.EqualTo((nint)(-1)));
        Assert.That(Protect(_pages, Size, None), Is.Zero);
        Assert.That(Protect(_pages + (2 * Size), Size, None), Is.Zero);
    }

    /// <summary>A copy of a text whose first byte is the first that may be read.</summary>
    public ReadOnlySpan<byte> AtStart(ReadOnlySpan<byte> text) => Copy(text, _pages + Size);

    /// <summary>A copy of a text whose last byte is the last that may be read.</summary>
    public ReadOnlySpan<byte> AtEnd(ReadOnlySpan<byte> text) => Copy(text, _pages + (2 * Size) - text.Length);

    public void Dispose() => Assert.That(Unmap(_pages, 3 * Size), Is.Zero);

    private static Span<byte> Copy(ReadOnlySpan<byte> text, byte* to)
    {
        var copy = new Span<byte>(to, text.Length);
        text.CopyTo(copy);
        return copy;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
