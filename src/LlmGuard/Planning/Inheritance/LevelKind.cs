namespace LlmGuard.Planning.Inheritance;

/// <summary>The levels of a policy, from broad to narrow.</summary>
internal enum LevelKind
{
    Gateway,
    Service,
    Rule,
    ConsumerGroup,
    Consumer,
}
