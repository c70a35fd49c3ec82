using System.Runtime.Intrinsics;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Prefilter;

/// <summary>
/// A part of a vector holds the text, and behind it what was asked for; that nothing else is read is shown by <see cref="SimdTests"/>.
/// </summary>
public sealed class PartialLoadTests
{
    [Test]
    public void First_AnyLength_HoldsTheTextAndThenWhatStandsBehind()
    {
        if (!PartialLoad.IsSupported)
        {
            Assert.Ignore("The machine has no such loads.");
        }

        byte[] bytes = [.. Enumerable.Range(1, 130).Select(static i => (byte)i)];
        for (var length = 0; length <= bytes.Length; length++)
        {
            var loaded = PartialLoad.First(bytes.AsSpan(0, length), Vector512.Create((byte)0xEE));

            for (var lane = 0; lane < Vector512<byte>.Count; lane++)
            {
                Assert.That(loaded[lane], Is.EqualTo(lane < length ? bytes[lane] : (byte)0xEE), $"lane {lane} of {length} bytes");
            }
        }
    }
}
