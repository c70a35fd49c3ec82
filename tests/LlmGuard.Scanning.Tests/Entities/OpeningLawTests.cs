using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>What a detector finds begins in one of the ways it states: else the scan would pass it over.</summary>
public sealed class OpeningLawTests
{
    private static readonly string[] Separators = ["", "", "", " ", "-", "_", ".", "/", "(", ")", ":", "=", ": ", "=\"", " is ", "+", "@", "\u00A0",
        "\u2010", "\u00AD", "\u00E9", "x", "A", "7", "\n"];

    private static readonly string[] Starts =
    [
        "sk-", "hf_", "api_org_", "r8_", "pplx-", "AKIA", "ya29.", "SG.", "SK", "key-", "xoxb-", "oy2", "dp.pt.", "FlyV1 ", "sk_live_", "whsec_",
            "-----BEGIN PRIVATE KEY-----",
        "password", "Pwd", "pw", "pass", "mot de passe", "motdepasse", "api key", "ApiKey", "access-key", "clientSecret", "secret", "id token",
            "idtoken", "token", "Bearer", "eyJ",
        "::", "::1", "1::", "a1::", "abc::1", "fe80::1", "2001:db8:0:1:2:3:4:5", "::ffff:1.2.3.4", "1.2.3.4", "10.0.0.1", "255.255.255.255",
            "00-1B-44-11-3A-B7", "001b.4411.3ab7",
        "4 111111111111111", "41 11 1111 1111 1111", "4111/1111/1111/1111", "2223003122003222", "536 22 8714", "536\u201022\u20108714", "536228714",
            "ssn 536228714",
        "+1 415 555 0132", "(+44) 20 7946 0958", "0044 20 7946 0958", "(415)555-0132", "020 7946 0958", "tel 1 2 3 4 5 6 7 8",
            "ES9121000418450200051332", "de89 3704 0044 0532 0130 00",
        "a@b.co", "a@_b.co", "a@\u00E9b.co", "a@-b.co", "a@1.co",
    ];

    private static readonly string[] Bodies = ["abcdef0123456789ABCDEF0123456789abcdef01", "0123456789ABCDEF", "hunter2x", new string('a', 30)
        + new string('1', 40), "4eC39HqLyjWDarjtT1zd"];

    private static readonly string[] All = [.. Starts, .. EntityCatalog.Ids.SelectMany(Samples.Of)];

    [FsCheck.NUnit.Property(MaxTest = 3000, Replay = "(7,11)")]
    public Property TryMatch_AnyMatch_BeginsAsStated() => Prop.ForAll(Arb.From(Texts), AssertHolds);

    [Test]
    public void TryMatch_Samples_BeginAsStated()
    {
        foreach (var (start, body) in All.SelectMany(_ => Bodies, (start, body) => (start, body)))
        {
            AssertHolds($"{start}{body} {start} {body} {start}={body}");
        }
    }

    private static Gen<string> Texts =>
        from count in Gen.Choose(1, 5)
        from parts in Gen.ArrayOf(Gen.Elements([.. All, .. Bodies]), count)
        from between in Gen.ArrayOf(Gen.Elements(Separators), count)
        select string.Concat(parts.Zip(between, static (part, separator) => separator + part));

    private static void AssertHolds(string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var text = new ScanText(bytes, isEnd: true);
        foreach (var id in EntityCatalog.Ids)
        {
            var detector = EntityCatalog.Find(id)!;
            for (var at = 0; at < bytes.Length; at++)
            {
                var before = ByteNeighbours.Of(at > 0 ? bytes[at - 1] : -1);
                if (detector.IsTriggerAfter(before, bytes[at]) && detector.TryMatch(ref text, at, 0, out _, out _))
                {
                    Assert.That(
                        detector.Openings.Any(o => o.Before(at > 0 ? bytes[at - 1] : -1) && (o.Condition?.Invoke(bytes, at) ?? true)
                            && Enumerable.Range(0, Opening.Length).All(i => o.Takes(i, at + i < bytes.Length ? bytes[at + i] : -1))),
                        $"{id} at {at} of {content}");
                    var run = bytes.Skip(at).Take(Detector.LongestRun).TakeWhile(b => AsciiByte.IsAlphanumeric(b)).Count();
                    Assert.That(detector.Runs >> run & 1, Is.EqualTo(1), $"{id} at {at} of {content}");
                }
            }
        }
    }
}
