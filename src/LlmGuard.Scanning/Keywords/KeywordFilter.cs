using System.Runtime.InteropServices;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Tells where one of many keywords may begin. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>Of every keyword the four bytes in a row that are rarest in text stand for it. Case is not looked at.</remarks>
internal sealed class KeywordFilter
{
    private const int Places = NibbleTables.Places;

    private readonly WindowFilter _windows;
    private readonly Dictionary<uint, int[]> _distances = [];

    /// <param name="keywords">The bytes of keywords of at least four.</param>
    public KeywordFilter(IReadOnlyCollection<byte[]> keywords)
    {
        var windows = new Dictionary<uint, SortedSet<int>>();
        foreach (var keyword in keywords)
        {
            var distance = ByteRarity.RarestWindow(keyword, Places);
            ref var distances = ref CollectionsMarshal.GetValueRefOrAddDefault(windows, WindowFilter.At(keyword.AsSpan(distance)), out _);
            (distances ??= []).Add(distance);
        }

        foreach (var (window, distances) in windows)
        {
            _distances[window] = [.. distances];
        }

        _windows = new WindowFilter(windows.Keys);
    }

    /// <summary>The next window at an offset or behind it that stands for a keyword.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset.</param>
    /// <param name="distances">How many bytes before the window the keywords begin.</param>
    /// <returns>The offset of the window; the length of the text if there is none.</returns>
    public int Next(ReadOnlySpan<byte> text, int at, out int[] distances)
    {
        for (at = _distances.Count == 0 ? text.Length : _windows.Next(text, at); at <= text.Length - Places; at = _windows.Next(text, at + 1))
        {
            if (_distances.TryGetValue(WindowFilter.At(text[at..]), out distances!))
            {
                return at;
            }
        }

        distances = [];
        return text.Length;
    }
}
