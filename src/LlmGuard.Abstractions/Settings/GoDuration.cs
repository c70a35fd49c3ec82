using System.Buffers;
using System.Globalization;

namespace LlmGuard;

/// <summary>
/// Durations in the syntax of Go's <c>time.ParseDuration</c>, which policies use: <c>500ms</c>, <c>1m30s</c>, <c>24h</c>; plus <c>d</c> for days.
/// </summary>
/// <remarks>Parts of a tick (100 ns) are cut off. What <see cref="TimeSpan"/> cannot hold, about 29,000 years, is refused.</remarks>
internal static class GoDuration
{
    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.");

    // The longer unit stands before the one it begins with.
    private static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
        ("\u00B5s", TimeSpan.TicksPerMicrosecond), ("\u03BCs", TimeSpan.TicksPerMicrosecond), // Micro sign and Greek mu.
        ("ns", 0.01m), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("d", TimeSpan.TicksPerDay),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var isNegative = rest.StartsWith('-');
        if (isNegative || rest.StartsWith('+'))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        // Decimal, because binary fractions lose ticks: 1.001 s are exactly 1001 ms.
        var ticks = 0m;
        while (!rest.IsEmpty)
        {
            if (!TryTakePart(ref rest, out var part) || (ticks += part) > TimeSpan.MaxValue.Ticks)
            {
                return false;
            }
        }

        duration = TimeSpan.FromTicks((long)(isNegative ? -ticks : ticks));
        return true;
    }

    private static bool TryTakePart(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        ticks = 0;
        var digits = rest.IndexOfAnyExcept(NumberChars);
        if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[digits..];
        foreach (var (unit, perUnit) in Units)
        {
            if (rest.StartsWith(unit, StringComparison.Ordinal))
            {
                rest = rest[unit.Length..];
                if (number > TimeSpan.MaxValue.Ticks / perUnit)
                {
                    return false;
                }

                ticks = number * perUnit;
                return true;
            }
        }

        return false;
    }
}
