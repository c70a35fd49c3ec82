using System.Security.Cryptography;
using LlmGuard.Execution.Edits;
using LlmGuard.Planning;

namespace LlmGuard.Masking;

/// <summary>What one call masks with: the numbers of its placeholders, the conversation it belongs to, its vaults. Thread-safe.</summary>
internal sealed class CallMasks
{
    private readonly GuardrailCaller _caller;
    private string? _conversation;
    private readonly Lock _gate = new();
    private GuardrailContent _request;
    private PlaceholderNumbers? _numbers;
    private VaultSet? _vaults;
    private HashSet<string>? _standing;
    private byte[]? _identity;
    private bool _isIssuing;
    private bool _hasFallenBack;

    /// <summary>Prepares a call that keeps nothing.</summary>
    public CallMasks()
        : this(GuardrailCaller.Anonymous, null)
    {
    }

    /// <summary>Prepares a call.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="conversation">What the application calls the conversation, or null.</param>
    /// <param name="request">The request's content where it is known by now.</param>
    public CallMasks(GuardrailCaller caller, string? conversation, GuardrailContent? request = null)
    {
        _request = request ?? GuardrailContent.Empty;
        _caller = caller;
        _conversation = conversation;
    }

    public PlaceholderNumbers Numbers =>
        Volatile.Read(ref _numbers) ?? Interlocked.CompareExchange(ref _numbers, new PlaceholderNumbers(), null) ?? _numbers;

    /// <summary>32 bytes that stand for this caller's conversation; random where the caller is not known.</summary>
    public ReadOnlySpan<byte> Conversation
    {
        get
        {
            lock (_gate)
            {
                return _identity ??= CallIdentity.OfConversation(_caller, _conversation, _request)
                    ?? RandomNumberGenerator.GetBytes(CallIdentity.Bytes);
            }
        }
    }

    /// <summary>Works out what stands for the conversation as long as the request is there, for a stage that comes after it is gone.</summary>
    public void KeepConversation()
    {
        if (_caller.Consumer is not null)
        {
            _ = Conversation;
        }

        _request = GuardrailContent.Empty;
    }

    /// <summary>Whether the answer may hold something to restore.</summary>
    public bool CanRestore => _vaults is { IsEmpty: false };

    /// <summary>Begins a stage: opens the vaults of the entries that keep what they mask.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="content">What it judges.</param>
    /// <param name="facts">What the request says of its conversation: one that the provider keeps begins with something else in its later
    /// turns.</param>
    /// <param name="entries">The entries that keep what they mask.</param>
    /// <param name="access">The store.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    public async ValueTask BeginAsync(
        GuardrailStage stage,
        GuardrailContent content,
        RequestFacts facts,
        IReadOnlyList<PlanEntry> entries,
        VaultAccess access,
        CancellationToken cancellationToken)
    {
        var isRequest = stage == GuardrailStage.PreRequest;
        if (isRequest)
        {
            _request = content;
            _conversation ??= facts.Conversation;
        }

        if (entries.Count == 0)
        {
            return;
        }

        // An answer judged without its request has only the vaults that need no request to be found.
        if (_vaults is null && (isRequest || _conversation is not null || entries.Any(static e => Of(e).Scope == MaskVaultScope.Caller)))
        {
            _vaults = new VaultSet(entries, _caller, _conversation, _request, isKeptByProvider: facts.HasServerState);
            await _vaults.LoadAsync(access, cancellationToken).ConfigureAwait(false);
        }

        _isIssuing = isRequest;
    }

    /// <summary>Ends the request's stage: what was masked is put where the conversation's other calls find it.</summary>
    public async ValueTask EndRequestAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        _isIssuing = false;
        if (_vaults is not null)
        {
            await _vaults.SaveAsync(access, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The placeholder of a text; null where none can be restored.</summary>
    public string? Issue(Replacement replacement, ReadOnlySpan<byte> original)
    {
        if (!_isIssuing || _vaults is null)
        {
            return null;
        }

        lock (_gate)
        {
            var placeholder = _vaults.ToIssue(replacement.Reversible!)?.Issue(replacement.Type, original, _standing ??= Standing(_request));
            _hasFallenBack |= placeholder is null;
            return placeholder;
        }
    }

    /// <summary>Whether something that should have been kept was masked for good, since this was asked last.</summary>
    public bool TakeFallback()
    {
        var hasFallenBack = _hasFallenBack;
        _hasFallenBack = false;
        return hasFallenBack;
    }

    /// <summary>
    /// The edits without those inside of a placeholder that the entry's own vault has issued: it stands for nothing but itself, and cut to pieces it
    /// could not be restored.
    /// </summary>
    public SegmentEdit[] Outside(ReversibleMasking? masking, SegmentEdit[] edits, GuardrailContent content)
    {
        if (edits.Length == 0 || VaultOf(masking) is not { } vault)
        {
            return edits;
        }

        return Array.TrueForAll(edits, IsOutside) ? edits : [.. edits.Where(IsOutside)];

        bool IsOutside(SegmentEdit edit) => vault.HasIssuedAround(content.At(edit.Segment).Utf8.Span, edit.Span) != true;
    }

    /// <summary>The vault whose placeholders an entry leaves as they are; null when it has issued none.</summary>
    public MaskVault? VaultOf(ReversibleMasking? masking) =>
        masking is not null && _vaults?.Find(masking) is { IsEmpty: false } vault ? vault : null;

    /// <summary>What a placeholder stands for; false when none of this call's vaults has issued it, or not for there.</summary>
    /// <param name="placeholder">The placeholder.</param>
    /// <param name="tool">The tool in whose arguments it stands; null in text.</param>
    /// <param name="original">What it stands for.</param>
    public bool TryOpen(ReadOnlySpan<byte> placeholder, string? tool, out byte[] original)
    {
        original = [];
        return _vaults is not null && _vaults.TryOpen(placeholder, tool, out original);
    }

    /// <summary>The edits that put originals back into an answer.</summary>
    /// <param name="answer">The answer, as its guards left it.</param>
    public TextEdit[] Restore(GuardrailContent answer)
    {
        if (!CanRestore)
        {
            return [];
        }

        var edits = new List<TextEdit>();
        foreach (var segment in answer)
        {
            if (IsText(segment.Data.Info) && segment.Payload == PayloadKind.Text)
            {
                var scan = new RestoreScan(this);
                scan.Advance(segment.Utf8.Span, isEnd: true);
                edits.AddRange(scan.Edits.Select(e => new TextEdit(segment.Index, new TextSpan((int)e.Start, e.Length), e.Utf8)));
            }
            else if (segment.Payload == PayloadKind.Text && IsOfTool(segment.Data.Info))
            {
                RestoreArguments(segment, segment.Name!, edits);
            }
        }

        return [.. edits];
    }

    /// <summary>Whether originals are put back into such a text: words of the assistant, as far as they can be edited.</summary>
    public static bool IsText(in SegmentInfo info) =>
        info.Role == SegmentRole.Assistant && info.Kind == SegmentKind.Message && info.Source == SegmentSource.Body
            && info.Editability.Scope == EditScope.Span;

    /// <summary>
    /// Whether originals are put back into such a text where the policy names its tool: a call's arguments, as far as they can be edited.
    /// </summary>
    public static bool IsOfTool(in SegmentInfo info) =>
        info.Kind == SegmentKind.ToolCall && info.Name is not null && info.Editability.Scope == EditScope.Span;

    /// <summary>How the entry keeps what it masks.</summary>
    public static ReversibleMasking Of(PlanEntry entry) => ((IReversibleEvaluator)entry.Evaluator).Reversible!;

    private void RestoreArguments(Segment segment, string tool, List<TextEdit> edits)
    {
        var text = segment.Utf8.Span;
        for (var at = 0; Placeholder.TryFind(text, at, out var found); at = found.End)
        {
            if (TryOpen(text.Slice(found.Start, found.Length), tool, out var original))
            {
                edits.Add(new TextEdit(segment.Index, found, original));
            }
        }
    }

    private static HashSet<string> Standing(GuardrailContent content)
    {
        var standing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var segment in content)
        {
            var text = segment.Utf8.Span;
            for (var at = 0; Placeholder.TryFind(text, at, out var found); at = found.End)
            {
                standing.Add(System.Text.Encoding.ASCII.GetString(text.Slice(found.Start, found.Length)));
            }
        }

        return standing;
    }
}
