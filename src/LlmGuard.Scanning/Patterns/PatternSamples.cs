using System.Text;

namespace LlmGuard.Scanning.Patterns;

/// <summary>Makes short ASCII texts around a pattern: its matches, and texts that just fail to be. The same ones every time.</summary>
internal sealed class PatternSamples(PatternNode pattern)
{
    private const int Longest = 300;
    private const int FirstPrintable = 0x20;
    private const int Printable = 0x7F - FirstPrintable;

    private readonly Random _random = new(1);

    /// <summary>The next text; null when the pattern has no short ASCII match that could be made.</summary>
    public string? Next()
    {
        var text = new StringBuilder();
        for (var pieces = _random.Next(1, 3); pieces > 0; pieces--)
        {
            text.Append(" x0-.a_\n"[_random.Next(8)]);
            var piece = new StringBuilder();
            if (!TryAppend(pattern, piece))
            {
                return null;
            }

            text.Append(_random.Next(2) == 0 ? piece : Spoil(piece));
        }

        // .NET's $ also stands before a line feed that ends the text, Go's does not.
        return text.Append(text[^1] == '\n' || _random.Next(2) == 0 ? "." : "").ToString();
    }

    private StringBuilder Spoil(StringBuilder text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var at = _random.Next(text.Length);
        return _random.Next(4) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, (char)(FirstPrintable + _random.Next(Printable))),
            2 => text.Insert(at, text[at]),
            _ => text.Remove(at, text.Length - at),
        };
    }

    private bool TryAppend(PatternNode node, StringBuilder text) => text.Length <= Longest && node switch
    {
        PatternNode.One one => TryAppend(one.Set, text),
        PatternNode.Sequence sequence => sequence.Items.All(item => TryAppend(item, text)),
        PatternNode.Choice choice => TryAppend(choice.Items[_random.Next(choice.Items.Count)], text),
        PatternNode.Repeat repeat => Enumerable.Range(0, repeat.Min + _random.Next(1 + Math.Min(3, (repeat.Max ?? int.MaxValue) - repeat.Min))).All(
            _ => TryAppend(repeat.Item, text)),
        _ => true,
    };

    private bool TryAppend(CharSet set, StringBuilder text)
    {
        var first = _random.Next(Printable);
        for (var i = 0; i < Printable; i++)
        {
            var c = FirstPrintable + ((first + i) % Printable);
            if (set.Contains(c))
            {
                text.Append((char)c);
                return true;
            }
        }

        if (set.Contains('\n'))
        {
            text.Append('\n');
            return true;
        }

        return false;
    }
}
