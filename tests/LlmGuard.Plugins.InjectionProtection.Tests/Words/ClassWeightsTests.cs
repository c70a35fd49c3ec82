using System.Numerics;
using System.Runtime.Intrinsics;
using LlmGuard.Plugins.InjectionProtection.Prompts.Weak;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Words;

/// <summary>Weights of many classes that are added at once come to what they do one by one.</summary>
[NonParallelizable]
public sealed class ClassWeightsTests
{
    [TearDown]
    public void Widen() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Of_AnyClasses_IsTheSumOfTheirWeights([Values(0, 2)] int level)
    {
        Simd.Level = (SimdLevel)level;
        var random = new Random(1);
        for (var n = 0; n < 1000; n++)
        {
            var sum = Vector256<short>.Zero;
            var expected = 0;
            for (var tables = random.Next(60); tables >= 0; tables--)
            {
                var weights = Enumerable.Range(0, ClassWeights.Classes).Select(_ => (sbyte)random.Next(-8, 9)).ToArray();
                var classes = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & (ulong)random.NextInt64(long.MinValue, long.MaxValue);
                sum += ClassWeights.Of(classes, weights);
                for (; classes != 0; classes &= classes - 1)
                {
                    expected += weights[BitOperations.TrailingZeroCount(classes)];
                }
            }

            Assert.That(Vector256.Sum(sum), Is.EqualTo(expected));
        }
    }
}
