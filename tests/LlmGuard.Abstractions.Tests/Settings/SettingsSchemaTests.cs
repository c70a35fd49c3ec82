namespace LlmGuard.Abstractions.Tests.Settings;

public sealed class SettingsSchemaTests
{
    [Test]
    public void Describing_EveryRead_IsRecordedAndNothingIsMissing()
    {
        var settings = Reading.Describing();
        settings.String("string", "d");
        settings.RequiredString("required");
        settings.Boolean("boolean", true);
        settings.Int32("int", 3, 1, 9);
        settings.RequiredInt32("required_int", 1);
        settings.Number("number", 0.5, 0, 1);
        settings.Duration("duration", TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.MaxValue);
        settings.Choice("choice", 2, new("low", 1), new("high", 2));
        settings.Strings("strings");
        settings.Secret("secret", required: true);
        settings.Object("object").RequiredString("inner");
        settings.List("list", s => s.RequiredInt32("n"));
        settings.Map("map", s => s.RequiredInt32("value", 0, 6));
        settings.RawJson("raw");

        var keys = settings.Schema.Keys;
        Assert.That(Reading.Unread(settings), Is.Empty);
        Assert.That(keys.ToDictionary(k => k.Key, k => k.Value.Type), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["string"] = "string", ["required"] = "string", ["boolean"] = "boolean", ["int"] = "integer", ["required_int"] = "integer",
            ["number"] = "number", ["duration"] = "duration", ["choice"] = "string", ["strings"] = "strings", ["secret"] = "secret",
            ["object"] = "object", ["list"] = "list", ["map"] = "map", ["raw"] = "json",
        }));
        Assert.That((keys["int"].Default, keys["int"].Minimum, keys["int"].Maximum), Is.EqualTo(((object)3L, 1.0, 9.0)));
        Assert.That((keys["string"].Default, keys["boolean"].Default, keys["number"].Default), Is.EqualTo(((object)"d", (object)true, (object)0.5)));
        Assert.That(keys["duration"].Default, Is.EqualTo("00:00:01"));
        Assert.That(keys["choice"].Choices, Is.EqualTo(new[] { "low", "high" }));
        Assert.That(keys["choice"].Default, Is.EqualTo("high"));
        Assert.That(keys.Where(k => k.Value.IsRequired).Select(k => k.Key), Is.EquivalentTo(new[] { "required", "required_int", "secret" }));
        Assert.That(keys.Single(k => k.Value.IsSecret).Key, Is.EqualTo("secret"));
        Assert.That(keys["object"].Nested!.Keys["inner"].IsRequired, Is.True);
        Assert.That(keys["list"].Nested!.Keys.Keys, Is.EqualTo(new[] { "n" }));
        Assert.That(keys["map"].Nested!.Keys["value"].Maximum, Is.EqualTo(6));
    }

    [Test]
    public void Describing_ListAndMap_ReadOneItemOfNothing()
    {
        var settings = Reading.Describing();
        var read = 0;

        Assert.That(settings.List("l", _ => ++read), Is.Empty);
        Assert.That(settings.Map("m", _ => ++read), Is.Empty);
        Assert.That(read, Is.EqualTo(2));
    }

    [Test]
    public void Describing_ChoiceWithAnotherDefault_HasNone()
    {
        var settings = Reading.Describing();
        settings.Choice("k", 9, new KeyValuePair<string, int>("low", 1));

        Assert.That(settings.Schema.Keys["k"].Default, Is.Null);
    }

    [Test]
    public void Reading_SameSettings_RecordsTheSameKeysAsDescribing()
    {
        static void Read(GuardrailSettings s) => s.List("l", i => i.Object("o").String("x") + i.Int32("n", 0));
        var (read, described) = (Reading.Json("""{"l": [{"n": 1}]}"""), Reading.Describing());
        Read(read);
        Read(described);

        Assert.That(Names(read.Schema), Is.EqualTo(Names(described.Schema)).And.EqualTo("l(o(x())n())"));
    }

    private static string Names(SettingsSchema? schema) => string.Concat(schema?.Keys.Select(k => $"{k.Key}({Names(k.Value.Nested)})") ?? []);
}
