using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace LlmGuard.Http.Tests.Gates;

/// <summary>Several entries that limit bodies: the least limit of those who enforce stops the reading.</summary>
public sealed class BodyBoundsTests
{
    [TestCase("", 100, "", 1000, true)]
    [TestCase("", 1000, "", 100, true)]
    [TestCase("", 0, "", 100, true)]
    [TestCase("", 1000, "", 1000, false)]
    [TestCase(", \"parallel\": true", 100, "", 1000, true)]
    [TestCase("", 1000, ", \"parallel\": true", 100, true)]
    [TestCase(", \"mode\": \"monitor\"", 100, "", 1000, false)]
    public async Task Body_LongerThanALimit_IsReadSoFarOnly(string rest, int bytes, string otherRest, int otherBytes, bool isCut)
    {
        var probe = new GateProbe("probe", GuardrailNeeds.BodyMetrics, static call => call.Body.IsTruncated);
        var entries = $"{Entry(rest, "bytes", bytes)}, {Entry(otherRest, "bytes", otherBytes)}";
        await using var guarded = GateProbe.Guard(entries, probe);

        var status = await PostAsync(guarded, "\"" + new string('x', 498) + "\"");

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(isCut ? HttpStatusCode.Forbidden : HttpStatusCode.OK));
            Assert.That(probe.Notes[0].Body.DecodedBytes, isCut ? Is.InRange(100, 499) : Is.EqualTo(500));
            Assert.That(guarded.Upstream.Requests, Has.Count.EqualTo(isCut ? 0 : 1));
        });
    }

    [TestCase(3, 9, true)]
    [TestCase(9, 3, true)]
    [TestCase(0, 3, true)]
    [TestCase(9, 4, false)]
    public async Task Body_DeeperThanALimit_IsTooDeep(int depth, int otherDepth, bool isTooDeep)
    {
        var probe = new GateProbe("probe", GuardrailNeeds.BodyMetrics, static call => call.Body.IsTooDeep);
        await using var guarded = GateProbe.Guard($"{Entry("", "depth", depth)}, {Entry("", "depth", otherDepth)}", probe);

        var status = await PostAsync(guarded, "[[[[1]]]]");

        Assert.That(
            (status, probe.Notes[0].Body.IsTooDeep, probe.Notes[0].Body.IsTruncated),
            Is.EqualTo((isTooDeep ? HttpStatusCode.Forbidden : HttpStatusCode.OK, isTooDeep, isTooDeep)));
    }

    [Test]
    public async Task Body_DeeperThanThePolicyAllows_IsTooLargeForAll()
    {
        var probe = new GateProbe("probe", GuardrailNeeds.Content);
        await using var guarded = GateProbe.Guard("""{ "name": "probe" }""", probe);

        var status = await PostAsync(guarded, new string('[', 65) + new string(']', 65));

        Assert.That((status, guarded.Upstream.Requests.Count, probe.Notes.Count), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, 0, 0)));
    }

    private static string Entry(string rest, string limit, int value) => $$"""{ "name": "probe" {{rest}}, "settings": { "{{limit}}": {{value}} } }""";

    private static async Task<HttpStatusCode> PostAsync(Client.GuardedClient guarded, string body)
    {
        // Of no stated length: what states to be too long is not read at all.
        using var content = new StreamContent(PipeReader.Create(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body))).AsStream())
        {
            Headers = { ContentType = new("application/json") },
        };
        using var response = await guarded.Client.PostAsync(new Uri("/any", UriKind.Relative), content);
        return response.StatusCode;
    }
}
