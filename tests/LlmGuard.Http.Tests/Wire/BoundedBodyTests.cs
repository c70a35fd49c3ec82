using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Wire;

public sealed class BoundedBodyTests
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly byte[] Sample = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 60).Select(i => $"line {i} of a body; ")));

    private HeldBytesBudget _budget = null!;

    [SetUp]
    public void SetUp() => _budget = new HeldBytesBudget(64 * Mebibyte);

    [TestCase("gzip")]
    [TestCase("x-gzip")]
    [TestCase("GZip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task ReadAsync_Encoded_IsDecoded(string coding)
    {
        var encoded = Encoded.As(coding.ToLowerInvariant() is "x-gzip" or "gzip" ? "gzip" : coding, Sample);

        using var body = await ReadAsync(encoded, coding);

        Assert.Multiple(() =>
        {
            Assert.That(body.Failure, Is.Null);
            Assert.That(body.Bytes.ToArray(), Is.EqualTo(Sample));
            Assert.That(body.WireBytes, Is.EqualTo(encoded.Length));
            Assert.That(body.WasEncoded);
        });
    }

    [Test]
    public void ReadAsync_AnyBytesCutAnyWay_ComeBackInEveryCoding()
    {
        var cases = from bytes in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>())
                    from repeat in Gen.Choose(1, 3000)
                    from perRead in Gen.Choose(1, 20_000)
                    from coding in Gen.Elements("gzip", "deflate", "br", "identity")
                    select (Bytes: Enumerable.Repeat(bytes, repeat).SelectMany(b => b).Take(200_000).ToArray(), perRead, coding);

        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var raw = c.coding == "identity" ? c.Bytes : Encoded.As(c.coding, c.Bytes);
            using var body = BoundedBody
                .ReadAsync(new TrickleStream(raw, c.perRead), [c.coding], Mebibyte, PlanLimits.Default, _budget, CancellationToken.None)
                .AsTask().GetAwaiter().GetResult();
            return body.Failure is null && body.Bytes.Span.SequenceEqual(c.Bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(4711, 17));

        Assert.That(_budget.Held, Is.Zero);
    }

    [Test]
    public async Task ReadAsync_CodingsChained_AreUndoneFromTheLast()
    {
        var encoded = Encoded.As("br", Encoded.As("gzip", Sample));

        using var one = await ReadAsync(encoded, "gzip, br");
        using var two = await ReadAsync(encoded, "gzip", "identity", "br");

        Assert.That(one.Bytes.ToArray(), Is.EqualTo(Sample));
        Assert.That(two.Bytes.ToArray(), Is.EqualTo(Sample));
    }

    [TestCase("zstd")]
    [TestCase("compress")]
    [TestCase("gzip, zstd")]
    [TestCase("gzip;q=1")]
    [TestCase("gzip, gzip, gzip, gzip")]
    public async Task ReadAsync_OtherCoding_Is415AndNothingIsRead(string coding)
    {
        var stream = new TrickleStream(Sample, 100);

        using var body = await BoundedBody.ReadAsync(stream, [coding], Mebibyte, PlanLimits.Default, _budget, CancellationToken.None);

        Assert.That((body.StatusCode, body.Failure?.Reason), Is.EqualTo((415, FailureReasons.UnsupportedEncoding)));
        Assert.That(stream.BytesGiven, Is.Zero);
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task ReadAsync_CutAnywhere_IsRefused(string coding)
    {
        var encoded = Encoded.As(coding, Sample);
        for (var length = 1; length < encoded.Length; length++)
        {
            using var body = await ReadAsync(encoded[..length], coding);

            Assert.That((length, body.StatusCode, body.Failure?.Reason), Is.EqualTo((length, 400, FailureReasons.Undecodable)));
        }
    }

    [TestCaseSource(nameof(Padded))]
    public async Task ReadAsync_SomethingAfterTheEnd_IsRefused(string coding, byte[] encoded)
    {
        using var body = await ReadAsync(encoded, coding);

        Assert.That((body.StatusCode, body.Failure?.Reason), Is.EqualTo((400, FailureReasons.Undecodable)));
        Assert.That(body.Raw.ToArray(), Is.EqualTo(encoded), "what came is there to be passed on");
    }

    [TestCase("gzip", -1)]
    [TestCase("gzip", -5)]
    [TestCase("gzip", 0)]
    [TestCase("gzip", 3)]
    [TestCase("deflate", -1)]
    [TestCase("deflate", 0)]
    [TestCase("deflate", 1)]
    public async Task ReadAsync_FrameDamaged_IsRefused(string coding, int at)
    {
        var encoded = Encoded.As(coding, Sample);
        encoded[at < 0 ? encoded.Length + at : at] ^= 0xFF;

        using var body = await ReadAsync(encoded, coding);

        Assert.That(body.StatusCode, Is.EqualTo(400));
    }

    [Test]
    public async Task ReadAsync_RawDeflateUnderTheNameOfZlib_IsDecoded()
    {
        using var body = await ReadAsync(Encoded.As("raw", Sample), "deflate");

        Assert.That(body.Bytes.ToArray(), Is.EqualTo(Sample));
        Assert.That(body.WasEncoded);
    }

    [TestCase(-1)]
    [TestCase(1)]
    public async Task ReadAsync_RawDeflateThatIsCutOrPadded_IsMalformed(int difference)
    {
        var encoded = Encoded.As("raw", Sample);
        using var body = await ReadAsync(difference < 0 ? encoded[..^1] : [.. encoded, 0], "deflate");

        Assert.That(body.StatusCode, Is.EqualTo(400));
    }

    [Test]
    public async Task ReadAsync_GzipWithEveryHeaderField_IsDecoded()
    {
        var plain = Encoded.As("gzip", Sample);
        byte[] header = [.. plain[..3], 0x04 | 0x08 | 0x10, .. plain[4..10], 2, 0, 7, 7, .. "name"u8, 0, .. "comment"u8, 0];

        using var body = await ReadAsync([.. header, .. plain[10..]], "gzip");

        Assert.That(body.Bytes.ToArray(), Is.EqualTo(Sample));
    }

    [TestCase(0x20)]
    [TestCase(0x80)]
    public async Task ReadAsync_GzipWithAReservedFlag_IsRefused(int flag)
    {
        var encoded = Encoded.As("gzip", Sample);
        encoded[3] |= (byte)flag;

        using var body = await ReadAsync(encoded, "gzip");

        Assert.That(body.StatusCode, Is.EqualTo(400));
    }

    [Test]
    public async Task ReadAsync_OverTheLimit_StopsOneByteBeyondItAndKeepsWhatCame()
    {
        var stream = new TrickleStream(Sample, 64);

        using var body = await BoundedBody.ReadAsync(stream, [], 100, PlanLimits.Default, _budget, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That((body.StatusCode, body.Failure?.Reason), Is.EqualTo((413, FailureReasons.LimitExceeded)));
            Assert.That(body.Detail, Does.Contain("max_body_bytes"));
            Assert.That(stream.BytesGiven, Is.EqualTo(101));
            Assert.That(body.Raw.ToArray(), Is.EqualTo(Sample[..101]));
            Assert.That(body.Bytes.ToArray(), Is.EqualTo(Sample[..101]));
        });
    }

    [Test]
    public async Task ReadAsync_ExactlyTheLimit_IsRead()
    {
        using var body = await BoundedBody.ReadAsync(
            new MemoryStream(Sample), [], Sample.Length, PlanLimits.Default, _budget, CancellationToken.None);

        Assert.That(body.Bytes.ToArray(), Is.EqualTo(Sample));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task ReadAsync_InflatesBeyondTheLimit_IsRefusedWithoutBeingInflated(string coding)
    {
        var bomb = Encoded.As(coding, new byte[64 * Mebibyte]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var body = await BoundedBody.ReadAsync(new MemoryStream(bomb), [coding], Mebibyte, PlanLimits.Default, _budget, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That((body.StatusCode, body.Failure?.Reason), Is.EqualTo((413, FailureReasons.LimitExceeded)));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 * Mebibyte));
        });
    }

    [Test]
    public async Task ReadAsync_InflatesPastTheRatio_IsRefusedOnlyAboveOneMebibyte()
    {
        using var small = await ReadAsync(Encoded.As("gzip", new byte[Mebibyte]), "gzip");
        using var large = await ReadAsync(Encoded.As("gzip", new byte[4 * Mebibyte]), "gzip");
        using var chained = await ReadAsync(Encoded.As("gzip", Encoded.As("gzip", new byte[4 * Mebibyte])), "gzip, gzip");

        Assert.That(small.Failure, Is.Null);
        Assert.That((large.StatusCode, large.Detail),
            Is.EqualTo((413, "it unpacks to more than 100 times its size (max_inflate_ratio of the policy)")));
        Assert.That(chained.StatusCode, Is.EqualTo(413));
    }

    [Test]
    public void ReadAsync_SmallBody_AllocatesAboutItsSizeWhateverTheLimit()
    {
        Assert.That(LeastAllocated.By(ReadOnceAsync, 8 * 1024), Is.LessThanOrEqualTo(8 * 1024));

        async ValueTask ReadOnceAsync()
        {
            using var body = await BoundedBody.ReadAsync(
                new MemoryStream(Sample), [], 2_000_000_000, PlanLimits.Default, _budget, CancellationToken.None);
        }
    }

    [Test]
    public async Task ReadAsync_NoRoomInTheProcess_Is503AndTakesNothing()
    {
        var budget = new HeldBytesBudget(32 * 1024);

        using var body = await BoundedBody.ReadAsync(
            new MemoryStream(new byte[Mebibyte]), [], 2 * Mebibyte, PlanLimits.Default, budget, CancellationToken.None);

        Assert.That((body.StatusCode, body.Failure?.Reason), Is.EqualTo((503, FailureReasons.LimitExceeded)));
        Assert.That(budget.Held, Is.Zero);
    }

    [Test]
    public async Task ReadAsync_RoomEndsAnywhere_Is503AndTakesNothing()
    {
        var noise = new byte[Mebibyte];
        new System.Random(5).NextBytes(noise);
        var encoded = Encoded.As("gzip", Encoded.As("br", [.. noise, .. noise]));
        var statuses = new List<int>();
        for (var room = 64 * 1024; room < 8 * Mebibyte; room += 150_000)
        {
            var budget = new HeldBytesBudget(room);
            using (var body = await BoundedBody.ReadAsync(
                new MemoryStream(encoded), ["br, gzip"], 8 * Mebibyte, PlanLimits.Default, budget, CancellationToken.None))
            {
                statuses.Add(body.StatusCode);
                Assert.That(budget.Held, Is.EqualTo(body.StatusCode == 503 ? 0 : 2 * Mebibyte), $"room {room}");
            }

            Assert.That(budget.Held, Is.Zero, $"room {room}");
        }

        Assert.That(statuses.Distinct(), Is.EqualTo(new[] { 503, 0 }), "refused until there is enough room, then read");
    }

    [TestCase("identity")]
    [TestCase("gzip")]
    public async Task Dispose_AfterReading_ReturnsTheRoomOnce(string coding)
    {
        var raw = coding == "gzip" ? Encoded.As("gzip", Sample) : Sample;
        var body = await ReadAsync(raw, coding);
        var held = _budget.Held;

        body.Dispose();
        body.Dispose();

        Assert.That(held, Is.EqualTo(Sample.Length));
        Assert.That(_budget.Held, Is.Zero);
    }

    [Test]
    public void ReadAsync_ConnectionBreaks_ThrowsAndHoldsNothing()
    {
        var stream = new TrickleStream(Sample, 64, new IOException("broken"));

        Assert.ThrowsAsync<IOException>(async () =>
            await BoundedBody.ReadAsync(stream, [], Mebibyte, PlanLimits.Default, _budget, CancellationToken.None));
        Assert.That(_budget.Held, Is.Zero);
    }

    [Test]
    public async Task ReadAsync_EmptyUnderACoding_IsEmpty()
    {
        using var body = await ReadAsync([], "gzip");

        Assert.That(body.Failure, Is.Null);
        Assert.That(body.Bytes.IsEmpty);
    }

    private static IEnumerable<TestCaseData> Padded()
    {
        foreach (var coding in new[] { "gzip", "deflate", "br" })
        {
            var encoded = Encoded.As(coding, Sample);
            yield return new TestCaseData(coding, (byte[])[.. encoded, 0]).SetArgDisplayNames(coding, "one zero");
            yield return new TestCaseData(coding, (byte[])[.. encoded, .. "garbage"u8]).SetArgDisplayNames(coding, "garbage");
            yield return new TestCaseData(coding, (byte[])[.. encoded, .. encoded]).SetArgDisplayNames(coding, "a second member");
            yield return new TestCaseData(coding, (byte[])[.. encoded, .. encoded[^8..]]).SetArgDisplayNames(coding, "the trailer again");
            yield return new TestCaseData(coding, (byte[])[.. encoded, .. "junk"u8, .. encoded[^8..]]).SetArgDisplayNames(coding,
                "junk and the trailer");
        }
    }

    private async Task<BoundedBody> ReadAsync(byte[] raw, params string[] codings) => await BoundedBody.ReadAsync(
        new MemoryStream(raw), codings, 16 * Mebibyte, PlanLimits.Default, _budget, CancellationToken.None);
}
