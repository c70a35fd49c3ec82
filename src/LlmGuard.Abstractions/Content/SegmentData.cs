namespace LlmGuard;

/// <summary>
/// A segment as stored. Either <see cref="Utf8"/> or <see cref="Utf16"/> is the native form of a text; the other is made on demand.
/// </summary>
/// <remarks>
/// Sixty-four bytes, because a hostile body has a segment every few bytes: what a policy can name is kept as a number, and what few segments have
/// stands elsewhere.
/// </remarks>
internal struct SegmentData
{
    public ReadOnlyMemory<byte> Utf8;
    public string? Utf16;

    // Nothing, a name, or everything that few segments have.
    private object? _more;
    private SegmentPosition _position;
    private int _group;
    private int _join;
    private byte _role;
    private byte _kind;
    private byte _source;
    private byte _editability;
    private byte _payload;
    private byte _uninspected;

    public bool HasUtf8;

    public readonly PayloadKind Payload => (PayloadKind)_payload;

    public readonly UninspectedKind? Uninspected => _uninspected == 0 ? null : (UninspectedKind)(_uninspected - 1);

    public readonly SegmentRole Role => _role == KnownNames.Open ? ((SegmentRarities)_more!).Role : KnownNames.RoleAt(_role);

    public readonly SegmentKind Kind => _kind == KnownNames.Open ? ((SegmentRarities)_more!).Kind : KnownNames.KindAt(_kind);

    public readonly SegmentSource Source => (SegmentSource)_source;

    public readonly SegmentPosition Position => _position;

    public readonly string? Name => _more as string ?? (_more as SegmentRarities)?.Name;

    public readonly int Group => _group;

    public readonly int Join => _join;

    public readonly Editability Editability => Editability.Of(_editability);

    public readonly string? MediaType => (_more as SegmentRarities)?.MediaType;

    public readonly Uri? Uri => (_more as SegmentRarities)?.Uri;

    /// <summary>Role, kind, source, editability and name: equal where all of these are, though not everywhere, for names are objects here.</summary>
    public readonly (uint Words, object? More) Said => (_role | ((uint)_kind << 8) | ((uint)_source << 16) | ((uint)_editability << 24), _more);

    /// <summary>Everything except the payload, as it was given.</summary>
    public readonly SegmentInfo Info => new()
    {
        Role = Role,
        Kind = Kind,
        Source = Source,
        Position = _position,
        Name = Name,
        Group = _group,
        Join = _join,
        Editability = Editability,
    };

    /// <summary>Makes this a text of which everything is known but the text.</summary>
    public void Describe(in SegmentInfo info)
    {
        (_role, _kind) = (KnownNames.Of(info.Role), KnownNames.Of(info.Kind));
        _more = _role == KnownNames.Open || _kind == KnownNames.Open ? new SegmentRarities(info.Role, info.Kind, info.Name, null, null) : info.Name;
        (_source, _position, _group, _join, _editability) = ((byte)info.Source, info.Position, info.Group, info.Join, info.Editability.Number);
    }

    /// <summary>Makes this a segment that is no text and may not be edited.</summary>
    public void Close(PayloadKind payload, UninspectedKind kind, string? mediaType = null, Uri? uri = null)
    {
        (_payload, _uninspected, _editability) = ((byte)payload, (byte)((int)kind + 1), Editability.Opaque.Number);
        if (mediaType is not null || uri is not null)
        {
            _more = new SegmentRarities(Role, Kind, Name, mediaType, uri);
        }
    }

    /// <summary>Copies a segment while evaluators may still be encoding its text: one that is not encoded yet is copied as not encoded.</summary>
    public static void Copy(ref readonly SegmentData from, ref SegmentData copy)
    {
        var hasUtf8 = Volatile.Read(in from.HasUtf8);
        copy = from;
        if (copy.Payload == PayloadKind.Text && !hasUtf8)
        {
            copy.Utf8 = default;
            copy.HasUtf8 = false;
        }
    }
}
