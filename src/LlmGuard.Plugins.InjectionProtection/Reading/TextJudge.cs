using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Plugins.InjectionProtection.Web;
using LlmGuard.Plugins.InjectionProtection.Web.Markup;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.InjectionProtection.Reading;

/// <summary>
/// Judges a text in all its readings: as written, with escapes resolved and disguises taken off, what stands encoded or hidden in it, and playful
/// spellings. Every hit is told by the bytes of the text that it was read from. For one thread at a time; keeps no text between two calls.
/// </summary>
internal sealed class TextJudge(InjectionSettings settings)
{
    /// <summary>How often encoded text is decoded; what is encoded deeper cannot be judged.</summary>
    private const int Depth = 3;

    private const int LargestKept = 1 << 20;

    // A longer text is judged in windows: readings, words and the ways back together take many times the bytes that they are of.
    private const int Window = 64 * 1024;

    // What the end of a window cuts stands whole in the next one.
    private const int Overlap = 4 * 1024;

    private readonly WebDetector _web = new(settings.Dialects);
    private readonly PromptJudge _prompts = new();
    private readonly HitList _hits = new();
    private readonly NormalisedView _view = new(int.MaxValue);
    private readonly EscapeLayer[] _layers = [new(), new(), new(), new(), new()];
    private readonly EncodedStretches _encoded = new();
    private readonly List<byte> _hidden = [];
    private byte[] _lower = [];
    private int _used;

    // Each level has its own view, so that the one above can still be asked for the way back.
    private TextJudge? _within;

    /// <summary>Whether it has grown too large to be kept.</summary>
    public bool IsOversized => _lower.Length > LargestKept || _prompts.IsLarge;

    /// <summary>Steps that detectors took: the measure of work that tests hold to a linear bound.</summary>
    public long Steps => _hits.Steps + (_within?.Steps ?? 0);

    /// <summary>Adds what the built-in rules find.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="types">The types to look for.</param>
    /// <param name="found">Receives the hits, in no order; a rule may be there more than once.</param>
    /// <exception cref="ScanBoundException">The text cannot be judged.</exception>
    public void Find(ReadOnlySpan<byte> utf8, TypeSet types, List<RuleHit> found)
    {
        var before = Steps;
        Find(utf8, types, 0, found);
        StepCount.Current?.Add(Steps - before);
    }

    private void Find(ReadOnlySpan<byte> utf8, TypeSet types, int depth, List<RuleHit> found)
    {
        if (utf8.IsEmpty || types.IsEmpty)
        {
            return;
        }

        if (utf8.Length <= Window)
        {
            FindReadings(utf8, types, depth, found);
            FindEncoded(_view.IsActive ? _view.Text.Bytes : utf8, _view.IsActive, utf8.Length, types, depth, found);
        }
        else
        {
            FindInWindows(utf8, types, depth, found);
            FindEncoded(utf8, isView: false, utf8.Length, types, depth, found);
        }

        FindHidden(utf8, types, depth, found);
    }

    private void FindInWindows(ReadOnlySpan<byte> utf8, TypeSet types, int depth, List<RuleHit> found)
    {
        for (var (start, end) = (0, 0); end < utf8.Length; start = CharacterAt(utf8, end - Overlap))
        {
            end = CharacterAt(utf8, Math.Min(start + Window, utf8.Length));
            var first = found.Count;
            FindReadings(utf8[start..end], types, depth, found);
            if (_view.IsActive)
            {
                FindEncoded(_view.Text.Bytes, isView: true, end - start, types, depth, found);
            }

            for (var i = first; i < found.Count; i++)
            {
                found[i] = found[i] with { Start = found[i].Start + start, End = found[i].End + start };
            }
        }
    }

    // The character that an offset stands in.
    private static int CharacterAt(ReadOnlySpan<byte> utf8, int at)
    {
        while (at < utf8.Length && (utf8[at] & 0xC0) == 0x80)
        {
            at--;
        }

        return at;
    }

    private void FindReadings(ReadOnlySpan<byte> utf8, TypeSet types, int depth, List<RuleHit> found)
    {
        FindWrittenOrSeen(utf8, types, found);
        FindInView(types, depth, found);
        FindInLayers(utf8, types, found);
    }

    // In the text as it is written and in the normalised view of it.
    private void FindWrittenOrSeen(ReadOnlySpan<byte> utf8, TypeSet types, List<RuleHit> found)
    {
        using var folded = FoldedText.Rent();
        Judge(utf8, types, folded);
        var isFull = _hits.IsFull;
        Take(types, found);
        _view.Reset();
        if (!types.HasWeb && !isFull && PromptJudge.IsAllThatIsSeen(folded))
        {
            return;
        }

        _view.Take(new ScanWindow(utf8, 0, 0, isEnd: true));
        if (_view.IsActive)
        {
            JudgeView(types, folded, isFull);
            foreach (var hit in _hits.Hits)
            {
                var start = (int)_view.Text.OriginalStart(hit.Start);
                _hits.Steps += EscapedMarkup.Longest;
                if (hit.Rule.Type == InjectionType.Xss && EscapedMarkup.IsShown(utf8, start))
                {
                    continue;
                }

                Add(hit.Rule, start, Math.Max(start + 1, (int)_view.Text.OriginalEnd(hit.End)), types, found);
            }
        }
    }

    // Programs resolve escapes one after the other, and each sees what the one before has left.
    private void FindInLayers(ReadOnlySpan<byte> utf8, TypeSet types, List<RuleHit> found)
    {
        if (!types.HasWeb)
        {
            return;
        }

        var text = utf8;
        for (var i = 0; i < _layers.Length && _layers[i].Read(text); i++)
        {
            text = _layers[i].Bytes;
            _hits.Steps += text.Length;
            JudgeWeb(text);
            foreach (var hit in _hits.Hits)
            {
                var (start, end) = (hit.Start, hit.End);
                for (var layer = i; layer >= 0; layer--)
                {
                    (start, end) = (_layers[layer].Origin(start), _layers[layer].Origin(end));
                }

                Add(hit.Rule, start, Math.Max(start + 1, end), types, found);
            }
        }
    }

    // What disguises were taken off from may be an escape: then it is read once more.
    private void FindInView(TypeSet types, int depth, List<RuleHit> found)
    {
        if (!_view.IsActive || depth == Depth || !EscapeLayer.HasAny(_view.Text.Bytes))
        {
            return;
        }

        var first = found.Count;
        FindWithin(_view.Text.Bytes, types, depth, found);
        for (var i = first; i < found.Count; i++)
        {
            var start = (int)_view.Text.OriginalStart(found[i].Start);
            found[i] = found[i] with { Start = start, End = Math.Max(start + 1, (int)_view.Text.OriginalEnd(found[i].End)) };
        }
    }

    private void Judge(ReadOnlySpan<byte> text, TypeSet types, FoldedText folded)
    {
        StartOn(text, types);
        if (types.HasPrompts)
        {
            PromptJudge.Fold(text, folded);
            _prompts.Find(text, folded, types, _hits);
        }
    }

    private void JudgeView(TypeSet types, FoldedText written, bool isFull)
    {
        var text = _view.Text.Bytes;
        StartOn(text, types);
        if (types.HasPrompts)
        {
            using var folded = FoldedText.Rent();
            PromptJudge.Fold(text, folded);

            // The same letters, each made from the same character: whatever they say has been found, and where.
            if (_view.HasResolved || isFull || written.HasDropped || !folded.Utf8.SequenceEqual(written.Utf8))
            {
                _prompts.Find(text, folded, types, _hits);
            }
        }
    }

    private void StartOn(ReadOnlySpan<byte> text, TypeSet types)
    {
        _hits.Clear();
        _hits.Steps += text.Length;
        if (types.HasWeb)
        {
            JudgeWeb(text);
        }
    }

    private void JudgeWeb(ReadOnlySpan<byte> text)
    {
        _hits.Clear();
        var lower = Buffer(text.Length);
        System.Text.Ascii.ToLower(text, lower, out var done);
        for (var i = done; i < text.Length; i++)
        {
            lower[i] = AsciiByte.IsUpper(text[i]) ? (byte)(text[i] | 0x20) : text[i];
        }

        _web.Find(lower, _hits);
    }

    private void FindEncoded(ReadOnlySpan<byte> text, bool isView, int length, TypeSet types, int depth, List<RuleHit> found)
    {
        _hits.Steps += text.Length;
        for (var at = 0; _encoded.Next(text, at, out var start, out var end, out var decoded); at = end)
        {
            _hits.Steps += EncodedStretches.Readings * (end - start);
            if (decoded.IsEmpty)
            {
                continue;
            }

            if (depth == Depth)
            {
                throw new ScanBoundException(ScanBound.ViewDepth);
            }

            var (from, to) = isView ? ((int)ViewStart(start), (int)ViewEnd(end)) : (start, end);
            var first = found.Count;
            FindWithin(decoded, types, depth, found);
            for (var i = first; i < found.Count; i++)
            {
                found[i] = found[i] with { Start = from, End = Math.Min(to, length) };
            }
        }

        long ViewStart(int offset) => _view.IsActive ? _view.Text.OriginalStart(offset) : 0;
        long ViewEnd(int offset) => _view.IsActive ? _view.Text.OriginalEnd(offset) : length;
    }

    private void FindHidden(ReadOnlySpan<byte> utf8, TypeSet types, int depth, List<RuleHit> found)
    {
        _hits.Steps += utf8.Length;
        for (var at = 0; HiddenStretches.Next(utf8, at, _hidden, out var start, out var end); at = end)
        {
            var hidden = _hidden.ToArray();
            var first = found.Count;
            if (hidden.AsSpan().IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0)
            {
                Add(InjectionRules.IndirectHidden, start, end, types, found);
            }

            if (depth < Depth && System.Text.Unicode.Utf8.IsValid(hidden))
            {
                FindWithin(hidden, types, depth, found);
            }

            for (var i = first; i < found.Count; i++)
            {
                found[i] = found[i] with { Start = start, End = end };
            }
        }
    }

    // By another one, so that this one's view stays as it is meanwhile.
    private void FindWithin(ReadOnlySpan<byte> text, TypeSet types, int depth, List<RuleHit> found)
    {
        _within ??= new TextJudge(settings);
        _within.Find(text, types, depth + 1, found);
    }

    private void Take(TypeSet types, List<RuleHit> found)
    {
        foreach (var hit in _hits.Hits)
        {
            Add(hit.Rule, hit.Start, hit.End, types, found);
        }
    }

    private static void Add(InjectionRule rule, int start, int end, TypeSet types, List<RuleHit> found)
    {
        if (types.Covers(rule.Type))
        {
            found.Add(new RuleHit(rule, start, end));
        }
    }

    private Span<byte> Buffer(int length)
    {
        if (_lower.Length < length)
        {
            _lower = new byte[Math.Max(256, length + (length / 4))];
        }

        _used = Math.Max(_used, length);
        return _lower.AsSpan(0, length);
    }

    /// <summary>Forgets the texts it has seen.</summary>
    public void Clear()
    {
        // No more than was written: a buffer that a long text left behind is not cleared for every short one.
        _lower.AsSpan(0, _used).Clear();
        _used = 0;
        _view.Reset();
        foreach (var layer in _layers)
        {
            layer.Clear();
        }

        _encoded.Clear();
        _hidden.Clear();
        _prompts.Clear();
        _within?.Clear();
    }
}
