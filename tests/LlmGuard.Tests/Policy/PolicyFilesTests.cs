using System.Text;
using LlmGuard.Policy;

namespace LlmGuard.Tests.Policy;

public sealed class PolicyFilesTests
{
    private static readonly string[] Paths = ["/first", "/second"];

    [Test]
    public void Read_FilesThatHoldStill_AreReadTwiceAndKept()
    {
        var reads = new List<string>();

        var files = PolicyFiles.Read(Paths, path =>
        {
            reads.Add(path);
            return Encoding.UTF8.GetBytes("of " + path);
        });

        Assert.Multiple(() =>
        {
            Assert.That(reads, Is.EqualTo(new[] { "/first", "/second", "/first", "/second" }));
            Assert.That(Texts(files), Is.EqualTo(new[] { "of /first", "of /second" }));
            Assert.That(files.Paths, Is.EqualTo(Paths));
        });
    }

    [Test]
    public void Read_BothChangeInTurnBetweenTheTwo_IsAPairThatWasOnDisk([Range(0, 6)] int readsBefore)
    {
        // After so many reads the first changes and then the second: new and new is the only pair that an old first may not be part of.
        var reads = 0;

        var files = PolicyFiles.Read(Paths, _ => Encoding.UTF8.GetBytes(reads++ < readsBefore ? "old" : "new"));

        Assert.That(Texts(files).Distinct(), Has.One.Items);
    }

    [Test]
    public void Read_FilesThatNeverHoldStill_AreAProblemAndHaveNoFingerprintOfTheirs()
    {
        var reads = 0;

        var files = PolicyFiles.Read(Paths, _ => BitConverter.GetBytes(reads++));

        Assert.Multiple(() =>
        {
            Assert.That(() => files.BytesOf(1), Throws.TypeOf<GuardrailPolicyException>().With.Message.Contains("change while they are read"));
            Assert.That(reads, Is.EqualTo(Paths.Length * PolicyFiles.MaxReadings));
            Assert.That(files.Fingerprint, Is.Empty, "so that whatever they hold next is a change");
        });
    }

    [Test]
    public void Read_FileThatCannotBeRead_IsSaidForThatFileOnly()
    {
        var files = PolicyFiles.Read(Paths, static path => path == "/first" ? [1] : throw new GuardrailPolicyException("not there"));

        Assert.Multiple(() =>
        {
            Assert.That(files.BytesOf(0), Is.EqualTo(new byte[] { 1 }));
            Assert.That(() => files.BytesOf(1), Throws.TypeOf<GuardrailPolicyException>().With.Message.EqualTo("not there"));
        });
    }

    [Test]
    public void Fingerprint_TellsContentOrderAndAbsenceApart()
    {
        var fingerprints = new[] { ("a", "b"), ("b", "a"), ("ab", ""), ("", "ab"), (null, "ab"), ("ab", null), (null, null), ("", "") }
            .Select(static pair => PolicyFiles.Read(Paths, path => (path == "/first" ? pair.Item1 : pair.Item2) is { } text
                ? Encoding.UTF8.GetBytes(text)
                : throw new GuardrailPolicyException("not there")).Fingerprint);

        Assert.That(fingerprints, Is.Unique);
    }

    private static IEnumerable<string> Texts(PolicyFiles files) => Paths.Select((_, i) => Encoding.UTF8.GetString(files.BytesOf(i)));
}
