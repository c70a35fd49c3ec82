using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Prefilter;

/// <summary>Sorting 64 bytes gives what asking for each gives, with whatever vectors.</summary>
[NonParallelizable]
public sealed class ByteKindsTests
{
    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Sort_AnyBytes_SetsABitForEachByteOfASet([Range(0, (int)SimdLevel.Bits512)] int level)
    {
        Simd.Level = (SimdLevel)level;
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            bool[][] sets =
                [.. Enumerable.Range(0, 1 + random.Next(ByteKinds.Most)).Select(_ =>
                Enumerable.Range(0, 256).Select(_ => random.Next(2) == 0).ToArray())];
            var kinds = new ByteKinds([.. sets.Select(set => (Func<byte, bool>)(b => set[b]))]);
            var bytes = new byte[ByteKinds.Width];
            random.NextBytes(bytes);

            kinds.Sort(ref bytes[0], out var masks);

            for (var set = 0; set < ByteKinds.Most; set++)
            {
                for (var i = 0; i < bytes.Length; i++)
                {
                    var isIn = set < sets.Length && bytes[i] < 0x80 && sets[set][bytes[i]];
                    Assert.That((masks[set] >> i & 1) != 0, Is.EqualTo(isIn), $"seed {seed}, set {set}, byte {bytes[i]:X2} at {i}");
                }
            }
        }
    }

    [Test]
    public void New_MoreSetsThanBits_IsRefused() =>
        Assert.That(() => new ByteKinds([.. Enumerable.Repeat((Func<byte, bool>)(_ => true), ByteKinds.Most + 1)]),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
}
