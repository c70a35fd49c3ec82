using System.Text;
using System.Text.Json;
using LlmGuard.Remote.Judging;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>What a value of an answer is compared with. A value of another type is no answer.</summary>
internal abstract record Comparison
{
    /// <summary>Whether it holds for a value.</summary>
    /// <exception cref="UnusableAnswerException">The value is of another type.</exception>
    public abstract bool Holds(JsonElement value);

    /// <summary>Equal to a scalar, or, negated, not.</summary>
    internal sealed record Equal(JsonElement Expected, bool IsNegated) : Comparison
    {
        public override bool Holds(JsonElement value) => Scalars.AreEqual(value, Expected) != IsNegated;
    }

    /// <summary>Equal to one of several scalars.</summary>
    internal sealed record In(JsonElement[] Expected) : Comparison
    {
        public override bool Holds(JsonElement value)
        {
            var holds = false;
            foreach (var one in Expected)
            {
                holds |= Scalars.AreEqual(value, one);
            }

            return holds;
        }
    }

    /// <summary>A number beyond a bound.</summary>
    internal sealed record Ordered(double Bound, Func<double, double, bool> Compare) : Comparison
    {
        public override bool Holds(JsonElement value) => Compare(value.Number(double.MinValue, double.MaxValue), Bound);
    }

    /// <summary>A string with a part, or a list of strings with an item.</summary>
    internal sealed record Contains(string Part) : Comparison
    {
        public override bool Holds(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                return value.Text().Contains(Part, StringComparison.Ordinal);
            }

            var holds = false;
            foreach (var item in value.Items())
            {
                holds |= item.Text() == Part;
            }

            return holds;
        }
    }

    /// <summary>A string with a match of a pattern, searched for in linear time.</summary>
    internal sealed record Matches(PatternProgram Pattern) : Comparison
    {
        public override bool Holds(JsonElement value)
        {
            try
            {
                return new PatternSearch(Pattern).Find(Encoding.UTF8.GetBytes(value.Text())).Count > 0;
            }
            catch (ScanBoundException)
            {
                throw new UnusableAnswerException();
            }
        }
    }
}
