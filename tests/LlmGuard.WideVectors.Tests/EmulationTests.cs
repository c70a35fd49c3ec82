using System.Runtime.Intrinsics;
using LlmGuard.Http.Json.Locating;
using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Prefilter;
using Real = System.Runtime.Intrinsics.X86;

namespace LlmGuard.WideVectors.Tests;

/// <summary>The emulated instructions do what those of a machine do that has them, and what is tested here goes the ways that take them.</summary>
public sealed class EmulationTests
{
    private const int Vectors = 1000;

    [Test]
    public void Ways_Here_AreThoseOfTheWidestVectors()
    {
        Assert.That(WideOpeningTables.IsSupported, Is.True);
        Assert.That(PartialLoad.IsSupported, Is.True);
        Assert.That(BitVectors.IsSupported, Is.True);
    }

    [Test]
    public void Permute_IndicesOfBothHalves_TakesFromEither()
    {
        var lower = Vector512<byte>.Indices;
        var upper = lower + Vector512.Create((byte)64);
        var indices = Vector512.Create((byte)0x81) + lower + lower;
        var permuted = Avx512Vbmi.PermuteVar64x8x2(lower, indices, upper);
        Assert.That(permuted, Is.EqualTo(indices & Vector512.Create((byte)127)));
        Assert.That(Avx512Vbmi.PermuteVar64x8(lower, indices), Is.EqualTo(indices & Vector512.Create((byte)63)));
    }

    [Test]
    public void Shuffle_HighestBit_TakesNothing()
    {
        var control = Vector512<byte>.Indices.WithElement(17, (byte)0x80).WithElement(18, (byte)0x40);
        var shuffled = Avx512BW.Shuffle(Vector512<byte>.Indices, control);
        Assert.That(shuffled, Is.EqualTo(Vector512<byte>.Indices.WithElement(17, (byte)0).WithElement(18, (byte)16)));
    }

    [Test]
    public void Compress_EveryThird_StandCloseTogetherBeforeWhatIsMerged()
    {
        var mask =
            Vector512.Equals(Vector512<byte>.Indices, Vector512.Create((byte)3)) | Vector512.Equals(
            Vector512<byte>.Indices, Vector512.Create((byte)60));
        var compressed = Avx512Vbmi2.Compress(Vector512.Create((byte)9), mask, Vector512<byte>.Indices);
        Assert.That(compressed, Is.EqualTo(Vector512.Create((byte)9).WithElement(0, (byte)3).WithElement(1, (byte)60)));
    }

    [Test]
    public void Instructions_AnyVectors_DoWhatTheMachineDoes()
    {
        if (!Real.Avx512Vbmi2.IsSupported || !Real.Avx512Vbmi.IsSupported)
        {
            Assert.Ignore("This machine has no AVX-512 to compare with.");
        }

        var random = new Random(5);
        for (var i = 0; i < Vectors; i++)
        {
            var (a, b, c) = (Any(random), Any(random), Any(random));
            var mask = Vector512.LessThan(Any(random), Vector512.Create((byte)128));
            Assert.That(Avx512Vbmi.PermuteVar64x8(a, b), Is.EqualTo(Real.Avx512Vbmi.PermuteVar64x8(a, b)));
            Assert.That(Avx512Vbmi.PermuteVar64x8x2(a, b, c), Is.EqualTo(Real.Avx512Vbmi.PermuteVar64x8x2(a, b, c)));
            Assert.That(Avx512BW.Shuffle(a, b), Is.EqualTo(Real.Avx512BW.Shuffle(a, b)));
            Assert.That(Avx512Vbmi2.Compress(a, mask, c), Is.EqualTo(Real.Avx512Vbmi2.Compress(a, mask, c)));
            Assert.That(Avx512F.Shuffle4x128(a.AsUInt64(), b.AsUInt64(), 0b11_01_10_00),
                Is.EqualTo(Real.Avx512F.Shuffle4x128(a.AsUInt64(), b.AsUInt64(), 0b11_01_10_00)));
            Assert.That(Avx512F.ConvertToVector512Int32(a.GetLower().GetLower()),
                Is.EqualTo(Real.Avx512F.ConvertToVector512Int32(a.GetLower().GetLower())));
        }
    }

    private static Vector512<byte> Any(Random random)
    {
        Span<byte> bytes = stackalloc byte[Vector512<byte>.Count];
        random.NextBytes(bytes);
        return Vector512.Create<byte>(bytes);
    }
}
