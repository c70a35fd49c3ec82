using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Tests.Wire;

public sealed class PercentEncodingTests
{
    [TestCase("a+b%20c", "a b c")]
    [TestCase("%e2%82%AC", "\u20AC")]
    [TestCase("100%", "100%")]
    [TestCase("%4", "%4")]
    [TestCase("%zz", "%zz")]
    [TestCase("%2541", "%41")]
    public void Decode_Text_IsDecodedOnce(string raw, string expected) =>
        Assert.That(Encoding.UTF8.GetString(PercentEncoding.Decode(Encoding.UTF8.GetBytes(raw), plusIsSpace: true).Span), Is.EqualTo(expected));

    [Test]
    public void Decode_PathOrPlus_KeepsThePlus() =>
        Assert.That(PercentEncoding.Decode("a+b"u8.ToArray(), plusIsSpace: false).ToArray(), Is.EqualTo("a+b"u8.ToArray()));

    [Test]
    public void Decode_WhatWasEncoded_ComesBack() => Prop.ForAll(
        Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>()).ToArbitrary(),
        bytes => PercentEncoding.Decode(PercentEncoding.Encode(bytes), plusIsSpace: true).Span.SequenceEqual(bytes))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(4711, 17));

    [Test]
    public void ToRaw_AnySpan_DecodesToThatSpan()
    {
        var cases = from pieces in Gen.ArrayOf(Gen.Elements("a", "+", "%20", "%C3%A9", "%", "%4", "z"))
                    let raw = Encoding.UTF8.GetBytes(string.Concat(pieces))
                    let decoded = PercentEncoding.Decode(raw, plusIsSpace: true).ToArray()
                    from start in Gen.Choose(0, decoded.Length)
                    from length in Gen.Choose(0, decoded.Length - start)
                    select (raw, decoded, span: new TextSpan(start, length));

        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var span = PercentEncoding.ToRaw(c.raw, c.span);
            var edited = PercentEncoding.Decode((byte[])[.. c.raw[..span.Start], .. "|"u8, .. c.raw[span.End..]], plusIsSpace: true);
            return edited.Span.SequenceEqual((byte[])[.. c.decoded[..c.span.Start], .. "|"u8, .. c.decoded[c.span.End..]]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(4711, 17));
    }
}
