using System.Globalization;

namespace LlmGuard.Tool.Reports;

/// <summary>A chart of horizontal bars as inline SVG: a group per name, a bar per series.</summary>
/// <param name="title">What it shows, for readers that do not see.</param>
/// <param name="series">The series; their colours are the style sheet's <c>s0</c> to <c>s3</c>.</param>
internal sealed class BarChart(string title, IReadOnlyList<string> series)
{
    private const int Left = 260;
    private const int Width = 420;
    private const int Bar = 14;
    private const int Gap = 12;

    private readonly List<(string Name, (double? Share, string Label)[] Bars)> _groups = [];

    /// <summary>Adds a group.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="bars">For each series its length, from 0 to 1 or null for none, and what stands at its end.</param>
    public void Add(string name, params (double? Share, string Label)[] bars) => _groups.Add((name, bars));

    public void WriteTo(Html html)
    {
        if (_groups.Count == 0)
        {
            return;
        }

        html.Raw("<p class=\"legend\">");
        for (var i = 0; i < series.Count; i++)
        {
            html.Raw($"<span class=\"key k{i}\"></span>").Element("span", series[i]);
        }

        var height = (_groups.Count * ((series.Count * Bar) + Gap)) + Gap;
        html.Raw("</p>\n<div class=\"wide\">")
            .Raw(Line($"<svg role=\"img\" width=\"760\" height=\"{height}\" viewBox=\"0 0 760 {height}\">"))
            .Element("title", title);
        var y = Gap;
        foreach (var (name, bars) in _groups)
        {
            html.Raw(Line($"<text class=\"name\" x=\"{Left - 8}\" y=\"{y + (bars.Length * Bar / 2) + 4}\">"))
                .Raw(Html.Escape(Shorten(name)))
                .Raw("</text>\n");
            for (var i = 0; i < bars.Length; i++)
            {
                var length = Math.Clamp(bars[i].Share ?? 0, 0, 1) * Width;
                html.Raw(Line($"<rect class=\"s{i}\" x=\"{Left}\" y=\"{y}\" width=\"{length:0.#}\" height=\"{Bar - 2}\" />"))
                    .Raw(Line($"<text class=\"value\" x=\"{Left + length + 4:0.#}\" y=\"{y + Bar - 4}\">"))
                    .Raw(Html.Escape(bars[i].Label))
                    .Raw("</text>\n");
                y += Bar;
            }

            y += Gap;
        }

        html.Raw("</svg></div>\n");
    }

    private static string Shorten(string name) => name.Length <= 36 ? name : "..." + name[^33..];

    private static string Line(FormattableString markup) => markup.ToString(CultureInfo.InvariantCulture);
}
