using System.Text;
using LlmGuard.Http.Wire.Bodies;

namespace LlmGuard.Http.Tests.Wire;

public sealed class MultipartPartTests
{
    [TestCase("--b\r\n\r\none\r\n--b--", "|one")]
    [TestCase("--b\r\n\r\none\r\n--b--\r\n", "|one")]
    [TestCase("\r\n--b\r\n\r\none\r\n--b--\r\n", "|one")]
    [TestCase("--b\r\nA: 1\r\n\r\none\r\n--b\r\nB: 2\r\nC: 3\r\n\r\ntwo\r\n--b--", "A: 1|one", "B: 2\r\nC: 3|two")]
    [TestCase("--b \t\r\n\r\none\r\n--b-- \r\n", "|one", TestName = "Split_PaddingAfterTheBoundary_IsSkipped")]
    [TestCase("--b\r\n\r\none\r\n\r\n\r\n--b--", "|one\r\n\r\n")]
    [TestCase("--b\r\nA: 1\r\n\r\n\r\n--b--", "A: 1|")]
    [TestCase("--b\r\nA: 1\r\n\r\n--b--", "A: 1|")]
    [TestCase("--b\r\n\r\n--b--", "|")]
    [TestCase("--b\r\n\r\nx --b y\r\n--b--", "|x --b y", TestName = "Split_BoundaryInsideALine_IsText")]
    [TestCase("--b--")]
    public void Split_WellFormed_GivesTheParts(string body, params string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var parts = MultipartPart.Split(bytes, "b"u8, 100);

        Assert.That(parts?.Select(part => Text(part.Headers) + "|" + Text(part.Content)), Is.EqualTo(expected));

        string Text(TextSpan span) => Encoding.UTF8.GetString(bytes.AsSpan(span.Start, span.Length));
    }

    [TestCase("", TestName = "Split_Empty_IsRefused")]
    [TestCase("--b\r\n\r\none", TestName = "Split_NoClosingDelimiter_IsRefused")]
    [TestCase("--b\r\n\r\none\r\n--b\r\n", TestName = "Split_EndsAfterADelimiter_IsRefused")]
    [TestCase("--b\r\n\r\none\r\n--b", TestName = "Split_EndsInADelimiter_IsRefused")]
    [TestCase("preamble\r\n--b\r\n\r\none\r\n--b--", TestName = "Split_Preamble_IsRefused")]
    [TestCase("--b\r\n\r\none\r\n--b--\r\nepilogue", TestName = "Split_Epilogue_IsRefused")]
    [TestCase("--b--\r\n--b\r\n\r\none\r\n--b--", TestName = "Split_PartsAfterTheEnd_IsRefused")]
    [TestCase("--b\n\none\n--b--", TestName = "Split_LineFeedsOnly_IsRefused")]
    [TestCase("--b\r\n\r\none\n--b\r\n\r\ntwo\r\n--b--", TestName = "Split_BoundaryAfterALineFeedAlone_IsRefused")]
    [TestCase("--b\r\n\r\none\r--b\r\n\r\ntwo\r\n--b--", TestName = "Split_BoundaryAfterACarriageReturnAlone_IsRefused")]
    [TestCase("--b\r\n\r\none\r\n--bee\r\n\r\ntwo\r\n--b--", TestName = "Split_LongerBoundaryAtALineStart_IsRefused")]
    [TestCase("--b\r\n\r\none\r\n--b-\r\n--b--", TestName = "Split_HalfAClosingDelimiter_IsRefused")]
    [TestCase("--c\r\n\r\none\r\n--c--", TestName = "Split_OtherBoundary_IsRefused")]
    public void Split_Ambiguous_IsRefused(string body) => Assert.That(MultipartPart.Split(Encoding.UTF8.GetBytes(body), "b"u8, 100), Is.Null);

    [Test]
    public void Split_MorePartsThanAllowed_IsRefused()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("--b\r\n\r\none\r\n", 4)) + "--b--");

        Assert.That(MultipartPart.Split(body, "b"u8, 4), Has.Count.EqualTo(4));
        Assert.That(MultipartPart.Split(body, "b"u8, 3), Is.Null);
    }
}
