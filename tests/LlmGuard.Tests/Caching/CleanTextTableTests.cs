using LlmGuard.Caching;

namespace LlmGuard.Tests.Caching;

public sealed class CleanTextTableTests
{
    private const int Row = 128;

    [TestCase(0, 0)]
    [TestCase(127, 0)]
    [TestCase(128, 128)]
    [TestCase(1000, 512)]
    [TestCase(4L * 1024 * 1024, 4L * 1024 * 1024)]
    public void Bytes_AnyLimit_StayWithinIt(long limit, long expected) => Assert.That(new CleanTextTable(limit).Bytes, Is.EqualTo(expected));

    [Test]
    public void Contains_NothingAdded_IsFalse()
    {
        var table = new CleanTextTable(Row);
        table.Add(1);

        Assert.Multiple(() =>
        {
            Assert.That(table.Contains(1), Is.True);
            Assert.That(table.Contains(0), Is.False, "the empty place");
            Assert.That(table.Contains((UInt128)1 << 64), Is.False, "the halves exchanged");
            Assert.That(table.Contains(new UInt128(1, 1)), Is.False, "one half equal");
        });
    }

    [Test]
    public void Add_WithoutRoom_KeepsNothing()
    {
        var table = new CleanTextTable(0);
        table.Add(1);

        Assert.That(table.Contains(1), Is.False);
    }

    [Test]
    public void Add_UpToAFullRow_ForgetsNothing()
    {
        var table = new CleanTextTable(Row);
        for (var i = 1; i <= 8; i++)
        {
            table.Add((UInt128)i);
        }

        Assert.That(Enumerable.Range(1, 8).Select(i => table.Contains((UInt128)i)), Has.All.True);
    }

    [Test]
    public void Contains_AllButOne_LetsThatOneSinkAndGo()
    {
        var table = new CleanTextTable(Row);
        for (var i = 1; i <= 8; i++)
        {
            table.Add((UInt128)i);
        }

        Assert.That(Enumerable.Range(2, 7).Select(i => table.Contains((UInt128)i)), Has.All.True);
        table.Add(9);
        Assert.That(table.Contains(1), Is.False);
    }

    [Test]
    public void Add_FloodOfHashesNobodyAsksFor_KeepsWhatWasThere()
    {
        var table = new CleanTextTable(Row);
        for (var i = 1; i <= 7; i++)
        {
            table.Add((UInt128)i);
        }

        for (var i = 0; i < 10_000; i++)
        {
            table.Add((UInt128)(1000 + i));
        }

        Assert.That(Enumerable.Range(1, 7).Select(i => table.Contains((UInt128)i)), Has.All.True);
    }

    [Test]
    public void Add_HashAskedForAgain_TakesThePlaceOfOneThatIsNot()
    {
        var table = new CleanTextTable(Row);
        for (var i = 1; i <= 8; i++)
        {
            table.Add((UInt128)i);
        }

        table.Add(100);
        Assert.That(table.Contains(100), Is.True, "moves up by one");
        table.Add(200);

        Assert.Multiple(() =>
        {
            Assert.That(table.Contains(100), Is.True);
            Assert.That(table.Contains(7), Is.False, "moved down and was replaced");
        });
    }

    [Test]
    public void ContainsAndAdd_FromManyThreads_NeverFindWhatWasNotAdded()
    {
        // One row, so that all threads write the same places.
        var table = new CleanTextTable(Row);
        var wrong = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (var i = 1; i < 20_000; i++)
            {
                var half = ((ulong)thread << 32) | (uint)i;
                table.Add(new UInt128(half, half));
                if (table.Contains(new UInt128(half, half + 1)) || table.Contains(new UInt128(half + 1, half)))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });

        Assert.That(wrong, Is.Zero);
    }
}
