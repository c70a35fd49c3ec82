using System.Text;

namespace LlmGuard.Execution.Edits;

/// <summary>
/// The numbers of a call's placeholders: equal originals of one type get the same number. Thread-safe: a stream is scanned while its judges still
/// look at what came before.
/// </summary>
internal sealed class PlaceholderNumbers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Type, string Original), int> _numbers = [];
    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);

    public int For(string type, ReadOnlySpan<byte> original)
    {
        var key = (type, Encoding.UTF8.GetString(original));
        lock (_gate)
        {
            if (!_numbers.TryGetValue(key, out var number))
            {
                number = _last.GetValueOrDefault(type) + 1;
                _last[type] = number;
                _numbers[key] = number;
            }

            return number;
        }
    }
}
