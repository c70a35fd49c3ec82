using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Reload;

/// <summary>A policy of two files that are changed in turn while requests come in.</summary>
[TestFixture]
[CancelAfter(120_000)]
public sealed partial class TwoFilesTests
{
    private const int AtOnce = 40;
    private const int ChangesAtLeast = 30;
    private const int PairsAtLeast = 4;

    // The first file takes long to parse, so that the second may change between the reading of the two.
    private static readonly string Padding = new(' ', 4 * 1024 * 1024);

    /// <summary>
    /// The first file masks one word, the second another, each under the number of its version; the first is always changed before the second. So
    /// the disk only ever holds pairs of equal versions and pairs whose first is one ahead: anything else is half of one policy beside half of
    /// another, and would be no guard at all where an entry moves from the second file into the first.
    /// </summary>
    [Test]
    public async Task Requests_WhileTwoFilesChangeInTurn_MeetOnlyPairsThatWereOnDisk()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("llmguard-two-files-");
        try
        {
            var first = Path.Combine(directory.FullName, "first.json");
            var second = Path.Combine(directory.FullName, "second.json");
            await File.WriteAllTextAsync(first, Policy("a0", "peach") + Padding, token);
            await File.WriteAllTextAsync(second, Policy("b0", "pear"), token);
            await using var upstream = await RecordingUpstream.StartAsync((context, received) =>
                RecordingUpstream.JsonAsync(received.Text)(context, received));
            await using var gateway = await GuardedGateway.StartAsync(upstream, null, [new TagPlugin()], options: o =>
            {
                o.PolicyFiles.Add(first);
                o.PolicyFiles.Add(second);
                o.ReloadDelay = TimeSpan.Zero;
            });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
            var changes = 0;
            var changing = ChangeAsync(first, second, () => Interlocked.Increment(ref changes), stop.Token);
            var seen = new ConcurrentDictionary<string, bool>();
            while (Volatile.Read(ref changes) < ChangesAtLeast || seen.Count < PairsAtLeast)
            {
                await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
                {
                    var (status, body) = await gateway.Client.PostAsync(Chat.Path, Chat.Request("peach pear"), token);
                    Assert.That(status, Is.EqualTo(200));
                    seen.TryAdd(body, true);
                }));
            }

            await stop.CancelAsync();
            await changing;

            Assert.That(seen.Keys.Where(static body => !WasOnDisk(body)), Is.Empty);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static bool WasOnDisk(string body)
    {
        var versions = Versions().Match(body);
        return versions.Success && Number(versions.Groups[1]) - Number(versions.Groups[2]) is 0 or 1;

        static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);
    }

    private static string Policy(string tag, string word) =>
        Chat.Gateway($$"""{ "name": "tag", "settings": { "tag": "{{tag}}", "mask": "{{word}}" } }""");

    /// <summary>The second file is first half written in place each time, as an editor leaves it for a moment.</summary>
    private static async Task ChangeAsync(string first, string second, Action changed, CancellationToken stop)
    {
        for (var version = 1; !stop.IsCancellationRequested; version++)
        {
            await ReplaceAsync(first, Policy($"a{version}", "peach") + Padding);
            await Task.Yield();
            var policy = Policy($"b{version}", "pear");
            await File.WriteAllTextAsync(second, policy[..(version * 7 % policy.Length)], CancellationToken.None);
            await ReplaceAsync(second, policy);
            changed();
            await Task.Delay(version % 40, CancellationToken.None);
        }
    }

    private static async Task ReplaceAsync(string file, string text)
    {
        await File.WriteAllTextAsync(file + ".new", text, CancellationToken.None);
        File.Move(file + ".new", file, overwrite: true);
    }

    [GeneratedRegex(@"""\[a(\d+)\] \[b(\d+)\]""")]
    private static partial Regex Versions();
}
