using System.Text;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Telemetry;
using LlmGuard.Tests.Policy;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tests.Masking;

/// <summary>What a call keeps, where, and how long it waits for that.</summary>
public sealed class CallMasksTests
{
    private static readonly ReversibleMasking Masking = new("0123456789abcdef"u8);

    private readonly ManualTime _time = new();
    private readonly RecordingLogger _log = new();

    [SetUp]
    public void ForgetLog() => _log.Lines.Clear();

    [Test]
    public async Task Begin_ApplicationNamesTheConversation_TheRequestDoesNotRenameIt()
    {
        var store = Store();
        var first = await BeginAsync(store, new GuardrailCaller("alice"), "mine", RequestFacts.None with { Conversation = "theirs" });
        var placeholder = Issue(first, "joe")!;
        await first.EndRequestAsync(Access(store), default);
        var second = await BeginAsync(store, new GuardrailCaller("alice"), "mine", RequestFacts.None);
        Assert.That(second.TryOpen(Encoding.UTF8.GetBytes(placeholder), null, out _), Is.True);
    }

    [Test]
    public async Task EndRequest_Stranger_PutsNothingIntoTheStore()
    {
        var store = Store();
        var masks = await BeginAsync(store, GuardrailCaller.Anonymous, null, RequestFacts.None);
        Assert.That(Issue(masks, "joe"), Is.Not.Null, "restored within the call");
        await masks.EndRequestAsync(Access(store), default);
        Assert.That(store.Bytes, Is.Zero, "nobody could find it there");
    }

    [Test]
    public async Task TakeFallback_ValueThatCannotBeKept_IsToldOnce()
    {
        var masks = await BeginAsync(Store(), new GuardrailCaller("alice"), "chat", RequestFacts.None);
        Assert.That(Issue(masks, new string('x', MaskVault.MaxValueBytes + 1)), Is.Null);
        Issue(masks, "joe");
        Assert.That(new[] { masks.TakeFallback(), masks.TakeFallback() }, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task Begin_StoreThatDoesNotAnswer_IsGivenUpAfterASecond()
    {
        var store = new SilentStore();
        var beginning = BeginAsync(store, new GuardrailCaller("alice"), "chat", RequestFacts.None).AsTask();
        Assert.That(_time.Waiting, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_time.Waiting, Is.Zero);
        var masks = await beginning;
        Assert.That(store.Stop.IsCancellationRequested, Is.True, "it is told to stop");
        Assert.That(Issue(masks, "joe"), Is.Not.Null, "masked all the same");
    }

    [Test]
    public async Task Issue_Strangers_ShareNothing()
    {
        var store = Store();
        var first = await BeginAsync(store, GuardrailCaller.Anonymous, "chat", RequestFacts.None);
        var second = await BeginAsync(store, GuardrailCaller.Anonymous, "chat", RequestFacts.None);
        var placeholder = Issue(first, "joe")!;
        Assert.That(Issue(second, "joe"), Is.Not.EqualTo(placeholder));
        Assert.That(second.TryOpen(Encoding.UTF8.GetBytes(placeholder), null, out _), Is.False);
    }

    [TestCase(MaskVaultScope.Call, false, false)]
    [TestCase(MaskVaultScope.Conversation, true, false)]
    [TestCase(MaskVaultScope.Caller, true, true)]
    public async Task Issue_SameValueOfOneCaller_IsTheSameWithinItsScopeOnly(MaskVaultScope scope, bool inTheConversation, bool inAnother)
    {
        var alice = new GuardrailCaller("alice");
        var masking = new ReversibleMasking("0123456789abcdef"u8) { Scope = scope };
        var first = Issue(await BeginAsync(Store(), alice, "one", RequestFacts.None, masking: masking), "joe", masking)!;
        var again = Issue(await BeginAsync(Store(), alice, "one", RequestFacts.None, masking: masking), "joe", masking);
        var other = Issue(await BeginAsync(Store(), alice, "two", RequestFacts.None, masking: masking), "joe", masking);
        var bobs = Issue(await BeginAsync(Store(), new GuardrailCaller("bob"), "one", RequestFacts.None, masking: masking), "joe", masking);
        Assert.That((again == first, other == first, bobs == first), Is.EqualTo((inTheConversation, inAnother, false)));
    }

    [Test]
    public async Task Issue_PlaceholderStandsInTheRequest_IssuesAnother()
    {
        var alice = new GuardrailCaller("alice");
        var first = Issue(await BeginAsync(Store(), alice, "chat", RequestFacts.None), "joe")!;
        var masks = await BeginAsync(Store(), alice, "chat", RequestFacts.None, $"what is {first}?");
        Assert.That(Issue(masks, "joe"), Is.Not.Null.And.Not.EqualTo(first), "who wrote it there would see what it stands for");
        Assert.That(masks.TryOpen(Encoding.UTF8.GetBytes(first), null, out _), Is.False);
    }

    [Test]
    public async Task Begin_RequestNamesItsConversation_ThatTellsItFromOthers()
    {
        var alice = new GuardrailCaller("alice");
        var first = Issue(await BeginAsync(Store(), alice, null, RequestFacts.None with { Conversation = "one" }, "hello"), "joe");
        var later = Issue(await BeginAsync(Store(), alice, null, RequestFacts.None with { Conversation = "one" }, "and now"), "joe");
        var other = Issue(await BeginAsync(Store(), alice, null, RequestFacts.None with { Conversation = "two" }, "hello"), "joe");
        Assert.That(later, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [TestCase(MaskVaultScope.Conversation, null, false)]
    [TestCase(MaskVaultScope.Conversation, "chat", true)]
    [TestCase(MaskVaultScope.Caller, null, true)]
    [TestCase(MaskVaultScope.Call, "chat", false)]
    public async Task Issue_ProviderKeepsTheConversation_OnlyWhatALaterTurnCanRestore(MaskVaultScope scope, string? conversation, bool isIssued)
    {
        var masking = new ReversibleMasking("0123456789abcdef"u8) { Scope = scope };
        var masks = await BeginAsync(
            Store(), new GuardrailCaller("alice"), conversation, RequestFacts.None with { HasServerState = true }, masking: masking);
        Assert.That(Issue(masks, "joe", masking), isIssued ? Is.Not.Null : Is.Null);
    }

    [Test]
    public async Task Issue_AfterTheRequest_IsRefused_WhatWasIssuedIsRestored()
    {
        var access = Access(Store());
        var masks = await BeginAsync(Store(), GuardrailCaller.Anonymous, null, RequestFacts.None);
        var placeholder = Encoding.UTF8.GetBytes(Issue(masks, "joe")!);
        await masks.EndRequestAsync(access, default);
        var between = Issue(masks, "ann");
        await BeginAsync(masks, GuardrailStage.PreResponse, access, "an answer");
        Assert.That((between, Issue(masks, "ann")), Is.EqualTo(((string?)null, (string?)null)), "nobody would find it again");
        Assert.That(masks.TryOpen(placeholder, null, out _), Is.True);
    }

    [TestCase(MaskVaultScope.Caller, null, true)]
    [TestCase(MaskVaultScope.Conversation, "chat", true)]
    [TestCase(MaskVaultScope.Conversation, null, false)]
    public async Task Begin_AnswerWithoutItsRequest_HasTheVaultsThatCanBeFound(MaskVaultScope scope, string? conversation, bool isFound)
    {
        var (alice, store) = (new GuardrailCaller("alice"), Store());
        var masking = new ReversibleMasking("0123456789abcdef"u8) { Scope = scope };
        var asked = await BeginAsync(store, alice, conversation, RequestFacts.None, masking: masking);
        var placeholder = Encoding.UTF8.GetBytes(Issue(asked, "joe", masking)!);
        await asked.EndRequestAsync(Access(store), default);

        var answered = new CallMasks(alice, conversation);
        await BeginAsync(answered, GuardrailStage.PreResponse, Access(store), "an answer", masking);

        Assert.That(answered.TryOpen(placeholder, null, out _), Is.EqualTo(isFound));
        Assert.That(answered.CanRestore, Is.EqualTo(isFound));
    }

    [Test]
    public async Task Begin_WhatNobodyElseCanFind_DoesNotAskTheStore()
    {
        var store = new SilentStore();
        await BeginAsync(store, GuardrailCaller.Anonymous, "chat", RequestFacts.None);
        await BeginAsync(store, new GuardrailCaller("alice"), null, RequestFacts.None with { HasServerState = true });
        Assert.That(store.Asked, Is.Zero);
    }

    [Test]
    public async Task Begin_CallerCancels_IsTheCallersCancellation()
    {
        using var cancelled = new CancellationTokenSource();
        var masks = new CallMasks(new GuardrailCaller("alice"), "chat");
        var beginning = BeginAsync(masks, GuardrailStage.PreRequest, Access(new SilentStore()), "hello", null, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        Assert.That(async () => await beginning, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public async Task Begin_StoreThatFails_IsLoggedByItsKind()
    {
        await BeginAsync(new FailingStore(), new GuardrailCaller("alice"), "chat", RequestFacts.None);
        Assert.That(_log.Lines.Single().Text, Does.Contain(nameof(TimeoutException)).And.Not.Contain("secret"));
    }

    [Test]
    public void KeepConversation_RequestIsGoneAfterwards_WhatStandsForItStays()
    {
        var (alice, request) = (new GuardrailCaller("alice"), GuardrailContent.FromText("hello", SegmentRole.User));
        var masks = new CallMasks(alice, null, request);
        masks.KeepConversation();
        Assert.That(masks.Conversation.ToArray(), Is.EqualTo(CallIdentity.OfConversation(alice, null, request)));
    }

    [Test]
    public async Task Outside_PlaceholderThatIsCutOff_IsMasked()
    {
        var masks = await BeginAsync(Store(), new GuardrailCaller("alice"), "chat", RequestFacts.None);
        var cut = Issue(masks, "joe")![..^4];
        SegmentEdit[] edits = [new(0, new TextSpan(3, 4), Replacement.Literal("x"))];
        Assert.That(masks.Outside(Masking, edits, GuardrailContent.FromText(cut, SegmentRole.User)), Is.EqualTo(edits));
    }

    [Test]
    public async Task VaultOf_NothingIssued_IsNone()
    {
        var masks = await BeginAsync(Store(), new GuardrailCaller("alice"), "chat", RequestFacts.None);
        var before = masks.VaultOf(Masking);
        Issue(masks, "joe");
        Assert.That(before, Is.Null);
        Assert.That(masks.VaultOf(Masking), Is.Not.Null);
        Assert.That(masks.VaultOf(null), Is.Null);
    }

    [Test]
    public void IsOfTool_AnythingButArgumentsThatCanBeEdited_IsFalse()
    {
        var arguments = new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.ToolCall, Name = "send_mail" };
        Assert.That(CallMasks.IsOfTool(arguments), Is.True);
        Assert.That(CallMasks.IsOfTool(arguments with { Kind = SegmentKind.ToolResult }), Is.False);
        Assert.That(CallMasks.IsOfTool(arguments with { Name = null }), Is.False);
        Assert.That(CallMasks.IsOfTool(arguments with { Editability = Editability.Signed }), Is.False);
    }

    private static string? Issue(CallMasks masks, string value) =>
        Issue(masks, value, Masking);

    private static string? Issue(CallMasks masks, string value, ReversibleMasking masking) =>
        masks.Issue(Replacement.ReversibleToken(masking, "name"), Encoding.UTF8.GetBytes(value));

    private InMemoryMaskVaultStore Store() => new(1_000_000, _time);

    private VaultAccess Access(IMaskVaultStore store) =>
        new(store, _time, new ExecutionLog(LoggerFactory.Create(logging => logging.AddProvider(_log)).CreateLogger<ExecutionLog>()));

    private async ValueTask<CallMasks> BeginAsync(
        IMaskVaultStore store, GuardrailCaller caller, string? conversation, RequestFacts facts, string request = "hello",
            ReversibleMasking? masking = null)
    {
        var masks = new CallMasks(caller, conversation);
        await masks.BeginAsync(
            GuardrailStage.PreRequest, GuardrailContent.FromText(request, SegmentRole.User), facts, [Entry(masking)], Access(store), default);
        return masks;
    }

    private static ValueTask BeginAsync(
        CallMasks masks, GuardrailStage stage, VaultAccess access, string text, ReversibleMasking? masking = null, CancellationToken stop =
            default) =>
        masks.BeginAsync(stage, GuardrailContent.FromText(text, SegmentRole.User), RequestFacts.None, [Entry(masking)], access, stop);

    private static PlanEntry Entry(ReversibleMasking? masking) => new()
    {
        Key = new GuardrailEntry("gateway", "G", "mask", "data_masking"),
        Plugin = new GuardrailPluginMetadata("data_masking") { Rewrites = true },
        Evaluator = new Evaluator(masking ?? Masking),
    };

    private sealed class Evaluator(ReversibleMasking masking) : IReversibleEvaluator
    {
        public ReversibleMasking? Reversible => masking;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }

    private sealed class SilentStore : IMaskVaultStore
    {
        private readonly TaskCompletionSource<IReadOnlyList<SealedOriginal>> _never = new();

        public int Asked { get; private set; }

        public CancellationToken Stop { get; private set; }

        public ValueTask<IReadOnlyList<SealedOriginal>> ReadAsync(string vault, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            Asked++;
            Stop = cancellationToken;
            return new(_never.Task);
        }

        public ValueTask AddAsync(string vault, IReadOnlyList<SealedOriginal> added, TimeSpan lifetime, CancellationToken cancellationToken) =>
            new(_never.Task);
    }

    private sealed class FailingStore : IMaskVaultStore
    {
        public ValueTask<IReadOnlyList<SealedOriginal>> ReadAsync(string vault, TimeSpan lifetime, CancellationToken cancellationToken) =>
            throw new TimeoutException("secret");

        public ValueTask AddAsync(string vault, IReadOnlyList<SealedOriginal> added, TimeSpan lifetime, CancellationToken cancellationToken) =>
            throw new TimeoutException("secret");
    }
}
