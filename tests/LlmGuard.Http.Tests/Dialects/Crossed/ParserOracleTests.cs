using System.Text;
using LlmGuard.Http.Tests.Json;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Http.Tests.Dialects.Crossed;

/// <summary>What is forwarded, read by the JSON readers of other platforms: none finds a text that was not scanned.</summary>
public sealed class ParserOracleTests
{
    private const int Seed = 20260;

    private static int Rounds => FuzzBudget.Of(4);

    [TestCase("node")]
    [TestCase("python3")]
    public async Task Forwarded_MaskedEverywhereTheGuardLooked_HasNoTextForAnotherReader(string platform)
    {
        using var oracle = JsonOracle.Start(platform);
        if (oracle is null)
        {
            Assert.Ignore($"{platform} is not installed: its JSON reader cannot be asked");
        }

        var forwarded = new List<(byte[] Body, string Dialect)>();
        var refused = 0;
        var hostile = new HostileBodies(Seed);
        foreach (var sample in Enumerable.Repeat(Sample.All.Where(s => s.IsText), Rounds).SelectMany(s => s))
        {
            if (Masked(sample, hostile.Next(sample.Json)) is { } body)
            {
                forwarded.Add((body, sample.Dialect));
            }
            else
            {
                refused++;
            }
        }

        var answers = await oracle.AskAsync([.. forwarded.Select(f => f.Body)]);

        await TestContext.Out.WriteLineAsync($"{forwarded.Count} forwarded, {refused} refused or blocked");
        Assert.That(answers, Has.Count.EqualTo(forwarded.Count));
        Assert.That(forwarded, Has.Count.GreaterThan(Sample.All.Count / 2), "most bodies are forwarded, or this says nothing");
        using (Assert.EnterMultipleScope())
        {
            foreach (var ((body, dialect), answer) in forwarded.Zip(answers))
            {
                Assert.That(answer, Is.EqualTo("clean"), $"{dialect} {Encoding.UTF8.GetString(body)}");
            }
        }
    }

    // Null when it is refused, or when the marker stands where nothing can be masked and a guard would block.
    private static byte[]? Masked(Sample sample, byte[] body)
    {
        var reading = Reading.Of(body, sample.Dialect, sample.Direction);
        if (reading.Result.Failure is not null
            || reading.Holding(Sample.Marker).Any(s => s.Editability.Scope == EditScope.None))
        {
            return null;
        }

        var rewrite = reading.Replace(Sample.Marker, "x");
        return rewrite.Failure is not null ? null : rewrite.Bytes?.ToArray() ?? body;
    }
}
