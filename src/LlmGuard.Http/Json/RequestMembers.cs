using System.Buffers;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Json.Edits;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Http.Json;

/// <summary>Changes members of a request's top level, leaving every other byte as it is.</summary>
internal sealed class RequestMembers
{
    private readonly JsonWalk _walk;
    private readonly List<RawEdit> _edits = [];

    private RequestMembers(JsonWalk walk) => _walk = walk;

    /// <summary>Carries out a change as the dialect says.</summary>
    /// <param name="json">The request.</param>
    /// <param name="change">The change.</param>
    /// <param name="dialect">The dialect, or null when the body has none that knows how.</param>
    /// <param name="changed">The new request, or null when it already is as wanted.</param>
    public static bool TryChange(ReadOnlyMemory<byte> json, RequestChange change, Dialect? dialect, out ReadOnlyMemory<byte>? changed)
    {
        changed = null;
        using var tape = JsonTape.Rent();
        if (dialect is null
            || JsonLocator.Instance.Locate(json.Span, int.MaxValue, int.MaxValue, tape) != JsonLocateStatus.Ok
            || tape[0].Kind != JsonTokenKind.Object)
        {
            return false;
        }

        var options = new JsonReadOptions { Direction = JsonDirection.Request };
        var members = new RequestMembers(new JsonWalk(json, tape, options, new GuardrailContentBuilder()));
        if (!dialect.TryChange(change, members))
        {
            return false;
        }

        if (members._edits.Count > 0)
        {
            members._edits.Sort((a, b) => a.Start.CompareTo(b.Start));
            changed = RawEdit.Apply(json.Span, members._edits);
        }

        return true;
    }

    /// <summary>The value of a top-level member by its folded name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> foldedName) => _walk.Find(0, foldedName);

    /// <summary>The value of a member of an object by its folded name, or -1.</summary>
    public int FindIn(int container, ReadOnlySpan<byte> foldedName) => _walk.Find(container, foldedName);

    public JsonTokenKind KindOf(int token) => _walk.Tape[token].Kind;

    public bool IsTrue(int token) => _walk.IsTrue(token);

    public ReadOnlySpan<byte> Raw(int token) => _walk.Raw(token);

    /// <summary>Replaces a value, whatever it is.</summary>
    public void Replace(int token, ReadOnlyMemory<byte> raw)
    {
        // A string's token leaves out its quotes.
        var quote = _walk.Tape[token].Kind == JsonTokenKind.String ? 1 : 0;
        _edits.Add(new RawEdit(_walk.Tape[token].Start - quote, _walk.Tape.LengthOf(_walk.Json, token) + (2 * quote), raw));
    }

    /// <summary>Puts a member before those an object has.</summary>
    /// <param name="container">The object; 0 is the request itself.</param>
    /// <param name="nameAndValue">Raw, as in <c>"max_tokens":100</c>.</param>
    public void Insert(int container, ReadOnlyMemory<byte> nameAndValue)
    {
        var isEmpty = _walk.Tape[container].Next == container + 1;
        _edits.Add(new RawEdit(_walk.Tape[container].Start + 1, 0, isEmpty ? nameAndValue : (byte[])[.. nameAndValue.Span, (byte)',']));
    }

    /// <summary>A string as a raw JSON value.</summary>
    public static ReadOnlyMemory<byte> Quote(string text)
    {
        var raw = new ArrayBufferWriter<byte>(text.Length + 16);
        raw.Write("\""u8);
        JsonEscapes.Escape(System.Text.Encoding.UTF8.GetBytes(text), raw);
        raw.Write("\""u8);
        return raw.WrittenMemory;
    }
}
