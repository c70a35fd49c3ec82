using LlmGuard.Tests.Purity;

namespace LlmGuard.Plugins.DataMasking.Tests;

public sealed class PurityTests
{
    private static readonly string[] Texts =
    [
        "mail ann@example.com", "card 4111 1111", " 1111 1111 thanks", "ann@", "example.com", "nothing to see", "the weather is fine", "call me",
        "4111111111111111", "",
    ];

    [TestCase("""{"apply_all": true}""")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "action": "reversible"}, {"entity": "credit_card", "action": "flag"}], "reversible_hashing": {"enabled": true}}""")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "action": "block"}, {"entity": "credit_card"}]}""")]
    public void Evaluate_WithoutWhatIsCleanAlone_SaysTheSame(string settings) => SegmentPurity.Check(Masking.Evaluator(settings), Texts);
}
