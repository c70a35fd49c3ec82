using System.Text;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.DataMasking.Masks;

/// <summary>Four asterisks and the last characters: four at most, and no more than a quarter of the value, so that a short one shows none.</summary>
/// <param name="full">What stands instead where showing anything would not be a mask.</param>
internal sealed class PartialMask(string full)
{
    private const int MostShown = 4;
    private const int ShownShare = 4;

    private ScanPlan? _plan;

    /// <summary>The rules that must not find what is shown.</summary>
    public void Bind(ScanPlan plan) => _plan = plan;

    public string Render(ReadOnlySpan<byte> original, ReadOnlySpan<byte> conversation)
    {
        var text = Encoding.UTF8.GetString(original);
        var count = text.EnumerateRunes().Count();
        var shown = Math.Min(MostShown, count / ShownShare);
        if (shown == 0)
        {
            return full;
        }

        var partial = "****" + string.Concat(text.EnumerateRunes().Skip(count - shown));
        return IsFound(partial) ? full : partial;
    }

    // A rule as wide as "any digits" would find the rest again, and each further turn of a conversation would show something else.
    private bool IsFound(string partial)
    {
        var session = _plan!.Rent();
        var spans = new List<ScanSpan>();
        session.Scan(Encoding.UTF8.GetBytes(partial), spans);
        _plan.Return(session);
        return spans.Count > 0;
    }
}
