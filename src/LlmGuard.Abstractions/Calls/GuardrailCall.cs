namespace LlmGuard;

/// <summary>One call at one stage, as one policy entry sees it.</summary>
/// <remarks>
/// Made by the engine; tests of a plugin make their own. Safe for concurrent reads, and valid until the evaluation's task completes.
/// </remarks>
public sealed class GuardrailCall
{
    private static readonly GuardrailEntry NoEntry = new("gateway", "Gateway", "gateway/Gateway/test", "test");

    // What a call that is lent shows when nobody has it.
    private static readonly SharedFacts NoFacts = new();

    private SharedFacts _facts;
    private GuardrailContent? _content;
    private GuardrailEntry _entry = NoEntry;
    private TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private GuardrailCallState? _state;

    /// <summary>Describes a call.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="content">What the entry judges, already filtered by its roles, kinds and sources.</param>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stage"/> is not one of the four.</exception>
    public GuardrailCall(GuardrailStage stage, GuardrailContent content)
        : this(stage, content, new SharedFacts())
    {
        Stages.ThrowIfUndefined(stage);
    }

    /// <summary>Describes a call whose facts are the same for all its entries.</summary>
    internal GuardrailCall(GuardrailStage stage, GuardrailContent content, SharedFacts facts)
    {
        ArgumentNullException.ThrowIfNull(content);
        Stage = stage;
        _content = content;
        _facts = facts;
    }

    /// <summary>Begins a call that is lent to one evaluation after the other, and is nobody's until it is.</summary>
    internal GuardrailCall() => _facts = NoFacts;

    /// <summary>The stage.</summary>
    public GuardrailStage Stage { get; private set; }

    /// <summary>The text and other payloads to judge: of the request at the request stages, of the answer at the response stages.</summary>
    public GuardrailContent Content =>
        _content ?? throw new ObjectDisposedException(nameof(GuardrailCall), "The evaluation has ended, and its call with it.");

    /// <summary>Whether <see cref="Content"/> is what the model says rather than what it reads.</summary>
    public bool IsResponse => Stage is GuardrailStage.PreResponse or GuardrailStage.PostResponse;

    /// <summary>The policy entry.</summary>
    public GuardrailEntry Entry { get => _entry; init => _entry = value; }

    /// <summary>Where the call is guarded.</summary>
    public GuardrailSeam Seam { get => _facts.Seam; init => _facts.Seam = value; }

    /// <summary>What the policy resolved the call to.</summary>
    public GuardrailScope Scope { get => _facts.Scope; init => _facts.Scope = value; }

    /// <summary>Who calls.</summary>
    public GuardrailCaller Caller { get => _facts.Caller; init => _facts.Caller = value; }

    /// <summary>The wire dialect, such as <c>openai.chat_completions</c>; null when unknown or not HTTP.</summary>
    public string? Dialect { get => _facts.Request.Dialect; init => _facts.Stated.Dialect = value; }

    /// <summary>The model the request names, or null.</summary>
    public string? Model { get => _facts.Request.Model; init => _facts.Stated.Model = value; }

    /// <summary>Whether the request asks for a streamed answer.</summary>
    public bool IsStreaming { get => _facts.Request.IsStreaming; init => _facts.Stated.IsStreaming = value; }

    /// <summary>The HTTP method in upper case, or null when the call is not HTTP.</summary>
    public string? Method { get => _facts.Method; init => _facts.Method = value; }

    /// <summary>The address of the peer as the application's server established it, or null.</summary>
    public System.Net.IPAddress? RemoteAddress { get => _facts.RemoteAddress; init => _facts.RemoteAddress = value; }

    /// <summary>
    /// The headers of the request, or null when the call is not HTTP. Not content: what is to be judged is in <see cref="Content"/>.
    /// </summary>
    public IRequestHeaders? Headers { get => _facts.Request.Headers; init => _facts.Stated.Headers = value; }

    /// <summary>The limit on tokens of each answer that the request gives, or null.</summary>
    public long? MaxTokens { get => _facts.Request.MaxTokens; init => _facts.Stated.MaxTokens = value; }

    /// <summary>How many answers the request asks for; 1 unless it says otherwise.</summary>
    public long Choices { get => _facts.Request.Choices; init => _facts.Stated.Choices = value; }

    /// <summary>
    /// Whether the entry only monitors: nothing it does may delay or change a call. For evaluators that would wait, say, for a limit.
    /// </summary>
    public bool IsMonitor { get; init; }

    /// <summary>
    /// Most findings, and most edits, a verdict may hold; one with more fails as over a limit, so collecting further ones is pointless. 10,000
    /// unless the policy says otherwise.
    /// </summary>
    public int MaxFindings { get => _facts.MaxFindings; init => _facts.MaxFindings = value; }

    /// <summary>
    /// Time the entry gives this evaluation in all, retries included; the token is cancelled when it is over. 5 seconds unless the policy or the
    /// plugin's metadata says otherwise.
    /// </summary>
    public TimeSpan Timeout { get => _timeout; init => _timeout = value; }

    /// <summary>The sizes of the request's body.</summary>
    public BodyMetrics Body { get => _facts.Request.Body; init => _facts.Stated.Body = value; }

    /// <summary>The request's content at the later stages, if the plugin declares <see cref="GuardrailNeeds.RequestContent"/>; else null.</summary>
    public GuardrailContent? RequestContent { get; init; }

    /// <summary>HTTP status of the upstream's answer at the response stages, or null.</summary>
    public int? UpstreamStatus { get => IsResponse ? _facts.UpstreamStatus : null; init => _facts.UpstreamStatus = value; }

    /// <summary>Token usage at <see cref="GuardrailStage.PostResponse"/>, or null when the provider reported none.</summary>
    public TokenUsage? Usage { get => Stage == GuardrailStage.PostResponse ? _facts.Usage : null; init => _facts.Usage = value; }

    /// <summary>How the call ended, at <see cref="GuardrailStage.PostResponse"/>; else null.</summary>
    public CallEnding? Ending { get => Stage == GuardrailStage.PostResponse ? _facts.Ending : null; init => _facts.Ending = value; }

    /// <summary>
    /// One slot that the entry keeps from stage to stage of the same call, null at first. Disposed after <see cref="GuardrailStage.PostResponse"/>
    /// if it is <see cref="IDisposable"/>. Stages of one call never run at the same time for one entry, so it needs no lock.
    /// </summary>
    public GuardrailCallState State { get => Volatile.Read(ref _state) ?? TakeState(); init => _state = value; }

    /// <summary>The state if the evaluator has asked for it; else null.</summary>
    internal GuardrailCallState? TakenState => Volatile.Read(ref _state);

    /// <summary>Describes the call without its content.</summary>
    public override string ToString() => $"{Stage} of {Entry.Id}, {_content?.Count ?? 0} segments";

    /// <summary>Lends the call to an evaluation of an enforcing entry, at a stage that shows it nothing but <paramref name="content"/>.</summary>
    internal void Lend(SharedFacts facts, GuardrailStage stage, GuardrailContent content, GuardrailEntry entry, TimeSpan timeout)
    {
        (_facts, _content, _entry, _timeout, _state) = (facts, content, entry, timeout, null);
        Stage = stage;
    }

    /// <summary>Takes the call back from an evaluation that has ended: whoever kept it sees that it is gone, and nothing of what it was.</summary>
    internal void TakeBack() => (_facts, _content, _entry, _state) = (NoFacts, null, NoEntry, null);

    private GuardrailCallState TakeState()
    {
        // Whoever asks at the same time for the same evaluation gets the same one.
        lock (_facts)
        {
            return _state ??= _facts.TakeState(Entry);
        }
    }

    /// <summary>
    /// What is the same for all entries of a call, so that it is written down once for all of them. What the request is stays as it is once an entry
    /// has it; what becomes known of the answer is shown at the stages that come after.
    /// </summary>
    internal class SharedFacts
    {
        /// <summary>The scope of a call that nothing is known of.</summary>
        protected static GuardrailScope NoScope { get; } = new() { Gateway = "Gateway" };

        /// <summary>What is known about the request once it has been read.</summary>
        public IRequestDescription Request { get; protected set; } = StatedRequest.Nothing;

        /// <summary>The same where it is stated piece by piece.</summary>
        public StatedRequest Stated
        {
            get
            {
                if (ReferenceEquals(Request, StatedRequest.Nothing))
                {
                    Request = new StatedRequest();
                }

                return (StatedRequest)Request;
            }
        }

        public GuardrailSeam Seam { get; set; }

        public GuardrailScope Scope { get; set; } = NoScope;

        public GuardrailCaller Caller { get; set; } = GuardrailCaller.Anonymous;

        public string? Method { get; set; }

        public System.Net.IPAddress? RemoteAddress { get; set; }

        public int MaxFindings { get; set; } = 10_000;

        public int? UpstreamStatus { get; set; }

        public TokenUsage? Usage { get; set; }

        public CallEnding? Ending { get; set; }

        /// <summary>Takes the entry's state, which is this evaluation's until it ends; an empty one where the engine has not made the call.</summary>
        public virtual GuardrailCallState TakeState(GuardrailEntry entry) => new();
    }
}
