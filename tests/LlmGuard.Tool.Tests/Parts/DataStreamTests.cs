using LlmGuard.Tool.Rows;

namespace LlmGuard.Tool.Tests.Parts;

public class DataStreamTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * i / 7))];

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(200_000)]
    public async Task Open_PlainInput_IsGivenAsItIs(int length) =>
        Assert.That(await ReadAsync(Content[..length]), Is.EqualTo(Content[..length]));

    [TestCase(0)]
    [TestCase(15)]
    [TestCase(200_000)]
    public async Task Open_Gzip_IsUnpacked(int length) =>
        Assert.That(await ReadAsync(ToolRun.Gzip(Content[..length])), Is.EqualTo(Content[..length]));

    [Test]
    public async Task Open_SeveralMembers_AreOneText() =>
        Assert.That(await ReadAsync([.. ToolRun.Gzip("ab"u8.ToArray()), .. ToolRun.Gzip("cd"u8.ToArray())]), Is.EqualTo("abcd"u8.ToArray()));

    [Test]
    public void Open_GzipCutAnywhere_Fails()
    {
        var packed = ToolRun.Gzip(Content[..300]);

        // Two bytes tell that it is gzip at all.
        for (var length = 2; length < packed.Length; length++)
        {
            var cut = length;
            Assert.That(() => ReadAsync(packed[..cut]), Throws.InstanceOf<InvalidDataException>(), $"cut at {cut} of {packed.Length}");
        }
    }

    private static async Task<byte[]> ReadAsync(byte[] input)
    {
        await using var stream = await DataStream.OpenAsync(new MemoryStream(input), CancellationToken.None);
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return read.ToArray();
    }
}
