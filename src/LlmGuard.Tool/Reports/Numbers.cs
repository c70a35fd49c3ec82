using System.Globalization;

namespace LlmGuard.Tool.Reports;

/// <summary>How numbers read, alike in all reports.</summary>
internal static class Numbers
{
    public static string Rate(double? rate) => rate?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    public static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    public static double? Microseconds(TimeSpan? time) => time?.TotalMicroseconds;

    /// <summary>A latency with its unit.</summary>
    public static string Time(TimeSpan? time) => time?.TotalMicroseconds switch
    {
        null => "-",
        < 1000 and var us => string.Create(CultureInfo.InvariantCulture, $"{us:0} us"),
        < 1_000_000 and var us => string.Create(CultureInfo.InvariantCulture, $"{us / 1000:0.0} ms"),
        var us => string.Create(CultureInfo.InvariantCulture, $"{us / 1_000_000:0.00} s"),
    };
}
