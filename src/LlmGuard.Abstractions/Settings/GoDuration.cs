using System.Globalization;

namespace LlmGuard;

/// <summary>Durations in the syntax of Go's <c>time.ParseDuration</c>, which policies use: <c>500ms</c>, <c>1m30s</c>, <c>24h</c>; plus <c>d</c> for days.</summary>
internal static class GoDuration
{
    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond), ("\u00B5s", TimeSpan.TicksPerMicrosecond),
        ("ns", 0.01), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("d", TimeSpan.TicksPerDay),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text == "0")
        {
            return true;
        }

        var rest = text.AsSpan();
        var ticks = 0.0;
        while (!rest.IsEmpty)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
            {
                digits++;
            }

            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var known = false;
            foreach (var (unit, perUnit) in Units)
            {
                if (rest.StartsWith(unit, StringComparison.Ordinal))
                {
                    ticks += number * perUnit;
                    rest = rest[unit.Length..];
                    known = true;
                    break;
                }
            }

            if (!known)
            {
                return false;
            }
        }

        if (text.Length == 0 || ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }
}
