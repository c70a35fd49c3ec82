namespace LlmGuard.Http.Wire.Streams.Live.Shapes;

/// <summary>Short texts of a stream's events in which nothing was found: what every event repeats is judged once.</summary>
internal sealed class KnownTexts
{
    private const int MostTexts = 512;
    private const int LongestText = 256;

    private readonly HashSet<(SegmentInfo Info, string Text)> _texts = [];

    public bool Has(Segment segment) => _texts.Count > 0 && IsShort(segment) && _texts.Contains(KeyOf(segment));

    public void Add(GuardrailContent clean)
    {
        foreach (var segment in clean)
        {
            if (_texts.Count < MostTexts && IsShort(segment))
            {
                _texts.Add(KeyOf(segment));
            }
        }
    }

    // Leaves of one JSON text and parts of one message are more than each of them says.
    private static bool IsShort(Segment segment) => segment.Utf8.Length <= LongestText && segment.Group < 0
        && segment.Data.Info.Join is < 0 or >= Json.JsonStreamState.FirstJoin;

    private static (SegmentInfo, string) KeyOf(Segment segment) => (segment.Data.Info, segment.Text);
}
