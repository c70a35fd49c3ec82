namespace LlmGuard.Abstractions.Tests.Calls;

public sealed class GuardrailCallTests
{
    [TestCase(GuardrailStage.PreRequest, false)]
    [TestCase(GuardrailStage.PostRequest, false)]
    [TestCase(GuardrailStage.PreResponse, true)]
    [TestCase(GuardrailStage.PostResponse, true)]
    public void IsResponse_EachStage_IsTrueForAnswers(GuardrailStage stage, bool expected) =>
        Assert.That(new GuardrailCall(stage, GuardrailContent.Empty).IsResponse, Is.EqualTo(expected));

    [Test]
    public void New_OnlyStageAndContent_HasDefaultsAPluginTestCanUse()
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.Empty);

        Assert.That(call.Content, Is.SameAs(GuardrailContent.Empty));
        Assert.That(call.Entry, Is.EqualTo(new GuardrailEntry("gateway", "Gateway", "gateway/Gateway/test", "test")));
        Assert.That((call.Scope.Gateway, call.Scope.Rule, call.Scope.Service, call.Scope.Consumer),
            Is.EqualTo(("Gateway", (string?)null, (string?)null, (string?)null)));
        Assert.That(call.Scope.ConsumerGroups, Is.Empty);
        Assert.That((call.Caller, call.Seam, call.IsStreaming), Is.EqualTo((GuardrailCaller.Anonymous, GuardrailSeam.Code, false)));
        Assert.That(new object?[] { call.Dialect, call.Model, call.Method, call.RemoteAddress, call.RequestContent, call.UpstreamStatus, call.Usage,
            call.Ending }, Is.All.Null);
        Assert.That(call.Body, Is.EqualTo(default(BodyMetrics)));
        Assert.That(call.State.Value, Is.Null);
        Assert.That(new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.Empty).State, Is.Not.SameAs(call.State));
    }

    [Test]
    public void New_NullContent_Throws() => Assert.That(() => new GuardrailCall(GuardrailStage.PreRequest, null!), Throws.ArgumentNullException);

    [TestCase(-1)]
    [TestCase(4)]
    public void New_UndefinedStage_Throws(int number) =>
        Assert.That(
            () => new GuardrailCall((GuardrailStage)number, GuardrailContent.Empty),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("no such stage").And.Message.Contains("PreRequest"));
}
