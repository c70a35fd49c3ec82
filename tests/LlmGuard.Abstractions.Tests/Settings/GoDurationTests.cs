using System.Globalization;
using FsCheck.Fluent;

namespace LlmGuard.Abstractions.Tests.Settings;

public sealed class GoDurationTests
{
    // The accepted table of Go's time package (time_test.go, parseDurationTests) as far as ticks of 100 ns can hold it.
    [TestCase("0", 0)]
    [TestCase("+0", 0)]
    [TestCase("-0", 0)]
    [TestCase("5s", 5 * TimeSpan.TicksPerSecond)]
    [TestCase("30s", 30 * TimeSpan.TicksPerSecond)]
    [TestCase("1478s", 1478 * TimeSpan.TicksPerSecond)]
    [TestCase("-5s", -5 * TimeSpan.TicksPerSecond)]
    [TestCase("+5s", 5 * TimeSpan.TicksPerSecond)]
    [TestCase("5.0s", 5 * TimeSpan.TicksPerSecond)]
    [TestCase("5.6s", 56_000_000)]
    [TestCase("5.s", 5 * TimeSpan.TicksPerSecond)]
    [TestCase(".5s", 5_000_000)]
    [TestCase("1.0s", TimeSpan.TicksPerSecond)]
    [TestCase("1.00s", TimeSpan.TicksPerSecond)]
    [TestCase("1.004s", 10_040_000)]
    [TestCase("1.0040s", 10_040_000)]
    [TestCase("100.00100s", 1_000_010_000)]
    [TestCase("10ns", 0)]
    [TestCase("1000ns", 10)]
    [TestCase("11us", 110)]
    [TestCase("12\u00B5s", 120)]
    [TestCase("12\u03BCs", 120)]
    [TestCase("13ms", 130_000)]
    [TestCase("14s", 140_000_000)]
    [TestCase("15m", 15 * TimeSpan.TicksPerMinute)]
    [TestCase("16h", 16 * TimeSpan.TicksPerHour)]
    [TestCase("3h30m", 210 * TimeSpan.TicksPerMinute)]
    [TestCase("10.5s4m", 2_505_000_000)]
    [TestCase("-2m3.4s", -1_234_000_000)]
    [TestCase("1h2m3s4ms5us6ns", 37_230_040_050)]
    [TestCase("39h9m14.425s", 1_409_544_250_000)]
    [TestCase("52763797000ns", 527_637_970)]
    [TestCase("0.3333333333333333333h", 11_999_999_999)] // Go, whose fractions are binary, has 20 minutes.
    [TestCase("9007199254740993ns", 90_071_992_547_409)]
    [TestCase("9223372036854775807ns", 92_233_720_368_547_758)]
    [TestCase("0.100000000000000000000h", 6 * TimeSpan.TicksPerMinute)]
    [TestCase("0.9223372036854775807h", 33_204_139_332)]
    [TestCase("500ms", 5_000_000)]
    [TestCase("1m30s", 90 * TimeSpan.TicksPerSecond)]
    [TestCase("1h15m30.918s", 45_309_180_000)]
    [TestCase("1h1h", 2 * TimeSpan.TicksPerHour)]
    [TestCase("1.001s", 10_010_000)]
    [TestCase("0.29s", 2_900_000)]
    [TestCase("7d", 7 * TimeSpan.TicksPerDay)]
    [TestCase("1d12h", 36 * TimeSpan.TicksPerHour)]
    [TestCase("10675199d", 10675199 * TimeSpan.TicksPerDay)]
    public void TryParse_WhatGoTakes_IsExactToTheTick(string text, long ticks)
    {
        Assert.That(GoDuration.TryParse(text, out var duration), Is.True);
        Assert.That(duration.Ticks, Is.EqualTo(ticks));
    }

    [TestCase("")]
    [TestCase("3")]
    [TestCase("00")]
    [TestCase("-")]
    [TestCase("+")]
    [TestCase("s")]
    [TestCase(".")]
    [TestCase("1.")]
    [TestCase("-.")]
    [TestCase(".s")]
    [TestCase("+.s")]
    [TestCase("1.2.3s")]
    [TestCase("--1s")]
    [TestCase("+-1s")]
    [TestCase("1h-1m")]
    [TestCase("1e3s")]
    [TestCase("1,5s")]
    [TestCase("1 s")]
    [TestCase(" 1s")]
    [TestCase("1s ")]
    [TestCase("1h30")]
    [TestCase("1S")]
    [TestCase("1w")]
    [TestCase("\u0661s")]
    [TestCase("\u22121s")]
    [TestCase("\x85\x85")]
    [TestCase("\xffff")]
    [TestCase("hello \xffff world")]
    [TestCase("NaNs")]
    [TestCase("Infinitys")]
    [TestCase("10675200d")]
    [TestCase("-10675200d")]
    [TestCase("10675199d24h")]
    [TestCase("99999999999999999999999999999d")]
    [TestCase("79228162514264337593543950335ns")]
    [TestCase("922337203685477580700ns1h")]
    public void TryParse_WhatGoRefusesOrATimeSpanCannotHold_IsRefused(string text)
    {
        Assert.That(GoDuration.TryParse(text, out var duration), Is.False);
        Assert.That(duration, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void TryParse_AnyNumbersOfUnits_IsTheirSum()
    {
        var cases =
            from h in Gen.Choose(0, 9999)
            from m in Gen.Choose(0, 9999)
            from ms in Gen.Choose(0, 999_999)
            from ticks in Gen.Choose(0, 9)
            select (h, m, ms, ticks);

        Laws.AssertHolds(cases, c =>
            GoDuration.TryParse(string.Create(CultureInfo.InvariantCulture, $"{c.ms}.000{c.ticks}ms{c.h}h{c.m}m"), out var duration)
            && duration == new TimeSpan(c.h, c.m, 0) + TimeSpan.FromMilliseconds(c.ms) + TimeSpan.FromTicks(c.ticks));
    }

    [Test]
    public void TryParse_AnyText_NeverThrows()
    {
        var texts = Gen.Elements("1", "9", "0", ".", "-", "+", "h", "m", "s", "n", "u", "\u00B5", "d", " ", "99999999999999999999").ListOf()
            .Select(string.Concat);
        Laws.AssertHolds(texts, text => GoDuration.TryParse(text, out var duration) || duration == TimeSpan.Zero, 2000);
    }
}
