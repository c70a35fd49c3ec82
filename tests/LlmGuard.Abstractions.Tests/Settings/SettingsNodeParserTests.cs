using System.Text.Json;

namespace LlmGuard.Abstractions.Tests.Settings;

public sealed class SettingsNodeParserTests
{
    [TestCase("""{"a": 1, "a": 2}""", TestName = "Parse_DuplicateKey_IsRefused")]
    [TestCase("""{"o": {"a": 1, "\u0061": 2}}""", TestName = "Parse_DuplicateKeyWrittenWithAnEscape_IsRefused")]
    [TestCase("""{} {}""", TestName = "Parse_TrailingValue_IsRefused")]
    [TestCase("""{}x""", TestName = "Parse_TrailingText_IsRefused")]
    [TestCase("""{"a": 1,}""", TestName = "Parse_TrailingComma_IsRefused")]
    [TestCase("""{a: 1}""", TestName = "Parse_UnquotedKey_IsRefused")]
    [TestCase("""{"a": NaN}""", TestName = "Parse_NaN_IsRefused")]
    [TestCase("""{"a": 01}""", TestName = "Parse_LeadingZero_IsRefused")]
    [TestCase("""{"a": "\ud800"}""", TestName = "Parse_EscapedLoneSurrogate_IsRefused")]
    [TestCase("""{"o": [{"\udc00": 1}]}""", TestName = "Parse_EscapedLoneSurrogateInAKey_IsRefused")]
    [TestCase("", TestName = "Parse_Nothing_IsRefused")]
    [TestCase("\uFEFF{}", TestName = "Parse_ByteOrderMark_IsRefused")]
    public void Parse_NotStrictJson_IsAJsonException(string json)
    {
        Assert.That(() => SettingsNodeParser.Parse(Contents.Bytes(json)), Throws.InstanceOf<JsonException>());
        Assert.That(() => GuardrailSettings.Parse(json), Throws.InstanceOf<JsonException>());
    }

    [Test]
    public void Parse_LoneSurrogateInTheText_IsRefusedAndNotReplaced() =>
        Assert.That(() => GuardrailSettings.Parse("{\"a\": \"\uD800\"}"), Throws.InstanceOf<JsonException>());

    [Test]
    public void Parse_InvalidUtf8InsideAString_IsRefused() =>
        Assert.That(() => SettingsNodeParser.Parse(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' }), Throws.InstanceOf<JsonException>());

    [TestCase(64, true)]
    [TestCase(65, false)]
    [TestCase(100_000, false)]
    public void Parse_Nesting_IsBounded(int depth, bool accepted)
    {
        var json = new string('[', depth) + new string(']', depth);
        Assert.That(() => SettingsNodeParser.Parse(Contents.Bytes(json)), accepted ? Throws.Nothing : Throws.InstanceOf<JsonException>());
    }

    [Test]
    public void Parse_LoneSurrogate_NamesThePlaceAndNotTheText() => Assert.That(
        () => SettingsNodeParser.Parse(Contents.Bytes("""{"a": ["MARKER\ud800"]}"""), "$.x"),
        Throws.InstanceOf<JsonException>().With.Message.EqualTo("$.x.a[0]: the text holds a lone surrogate."));

    [Test]
    public void Parse_DuplicateKey_NamesThePlaceAndNotTheValue() => Assert.That(
        () => SettingsNodeParser.Parse(Contents.Bytes("""{"a": [{"b": "MARKER", "b": 1}]}"""), "$.x"),
        Throws.InstanceOf<JsonException>().With.Message.EqualTo("$.x.a[0].b: the key stands twice."));

    [Test]
    public void Parse_EveryKind_KeepsOrderTextAndPath()
    {
        var root = SettingsNodeParser.Parse(Contents.Bytes("""
            // comments are allowed
            {"z": "a\u00e9\ud83d\ude00", "a-b": 1.0e400, "$x": true, "c d": [null, {"e": false}], /* and these */ "": -0}
            """), "$.s");

        Assert.That(root.Members.Select(m => (m.Key, m.Value.Kind, m.Value.Path, m.Value.Text)), Is.EqualTo(new[]
        {
            ("z", SettingsNodeKind.String, "$.s.z", "aé😀"),
            ("a-b", SettingsNodeKind.Number, "$.s.a-b", "1.0e400"),
            ("$x", SettingsNodeKind.Boolean, "$.s.$x", "true"),
            ("c d", SettingsNodeKind.Array, "$.s['c d']", ""),
            ("", SettingsNodeKind.Number, "$.s['']", "-0"),
        }));
        var items = root.Member("c d")!.Items;
        Assert.That((items[0].Kind, items[0].Describe(), items[1].Member("e")!.Path), Is.EqualTo((SettingsNodeKind.Null, "null", "$.s['c d'][1].e")));
        Assert.That(items[1].Member("e")!.Text, Is.EqualTo("false"));
        Assert.That(root.Member("Z"), Is.Null, "keys of JSON do not ignore case");
    }

    [Test]
    public void Write_WhatWasParsed_IsTheSameValueAgain() => Laws.AssertHolds(Laws.Text, text =>
    {
        var node = SettingsNodeParser.Parse(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?> { [text] = text,
            [text + "2"] = new object?[] { 1.5, null, true, text } }));
        var again = SettingsNodeParser.Parse(Contents.Bytes(SettingsNodeWriter.ToJson(node)));
        return again.Members[0].Key == text && again.Members[0].Value.Text == text && again.Members[1].Value.Items[3].Text == text
            && again.Members[1].Value.Items[0].Text == "1.5";
    });
}
