using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>Reads an answer of <c>ApplyGuardrail</c>: all assessments, all policies, all entries.</summary>
internal sealed partial class AssessmentReading
{
    private readonly List<AssessmentCause> _causes = [];
    private readonly List<AssessmentCause> _advice = [];
    private readonly List<Anonymised> _anonymised = [];
    private readonly List<string> _outputs = [];

    private AssessmentReading()
    {
    }

    /// <summary>What blocks.</summary>
    public IReadOnlyList<AssessmentCause> Causes => _causes;

    /// <summary>What was found and left to the caller: filters that only detect, automated reasoning.</summary>
    public IReadOnlyList<AssessmentCause> Advice => _advice;

    /// <summary>What was masked.</summary>
    public IReadOnlyList<Anonymised> Anonymised => _anonymised;

    /// <summary>The masked texts.</summary>
    public IReadOnlyList<string> Outputs => _outputs;

    /// <summary>Whether everything in the answer was understood.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Whether all of the text and all images were looked at, as far as the answer says.</summary>
    public bool IsCovered { get; private set; } = true;

    /// <summary>Whether contextual grounding was checked.</summary>
    public bool ChecksGrounding { get; private set; }

    /// <summary>
    /// Reads an answer. Parts that are missing, of another type or unknown make it incomplete; what was read before and after them still counts.
    /// </summary>
    public static AssessmentReading Of(JsonElement root)
    {
        var reading = new AssessmentReading();
        var hasIntervened = false;
        reading.Member(root, "action", (_, action) => hasIntervened = action.Text() switch
        {
            "GUARDRAIL_INTERVENED" => true,
            "NONE" => false,
            _ => throw new UnusableAnswerException(),
        }, isRequired: true);
        reading.Member(root, "usage", static (r, usage) =>
            r.ChecksGrounding |= usage.Optional("contextualGroundingPolicyUnits")?.Int32(0, int.MaxValue) > 0, isRequired: true);
        reading.Items(root, "outputs", static (r, output) => r._outputs.Add(output.Required("text").Text()));
        reading.Items(root, "assessments", static (r, assessment) => r.ReadAssessment(assessment));
        reading.ReadCoverage(root);
        if (hasIntervened && reading._causes.Count == 0 && reading._anonymised.Count == 0)
        {
            // For a reason that is not among those known here.
            reading.IsComplete = false;
        }

        return reading;
    }

    private void ReadAssessment(JsonElement assessment)
    {
        Member(assessment, "topicPolicy", static (r, policy) =>
            r.Items(policy, "topics", static (r, topic) => r.Entry(topic, TopicOf(topic), IsWord(topic, "type", "DENY"))));
        Member(assessment, "contentPolicy", static (r, policy) => r.Items(policy, "filters", static (r, filter) => r.ReadContentFilter(filter)));
        Member(assessment, "wordPolicy", static (r, policy) =>
        {
            r.Items(policy, "customWords", static (r, word) => r.Entry(word, CustomWord, isKnown: true));
            r.Items(policy, "managedWordLists", static (r, word) => r.Entry(word, ManagedWord, IsWord(word, "type", "PROFANITY")));
        });
        Member(assessment, "sensitiveInformationPolicy", static (r, policy) =>
        {
            r.Items(policy, "piiEntities", static (r, entity) => r.ReadPii(entity));
            r.Items(policy, "regexes", static (r, regex) => r.ReadRegex(regex));
        });
        Member(assessment, "contextualGroundingPolicy", static (r, policy) =>
            r.Items(policy, "filters", static (r, filter) => r.ReadGrounding(filter), isRequired: false));
        Member(assessment, "automatedReasoningPolicy", static (r, policy) =>
            r.Items(policy, "findings", static (r, finding) => r.ReadReasoning(finding), isRequired: false));
        Member(assessment, "invocationMetrics", static (r, metrics) => r.ReadCoverage(metrics));
    }

    private void ReadCoverage(JsonElement parent) => Member(parent, "guardrailCoverage", static (r, coverage) =>
    {
        r.Member(coverage, "textCharacters", static (r, part) => r.ReadCovered(part));
        r.Member(coverage, "images", static (r, part) => r.ReadCovered(part));
    });

    private void ReadCovered(JsonElement part)
    {
        var guarded = part.Optional("guarded")?.Int32(0, int.MaxValue);
        var total = part.Optional("total")?.Int32(0, int.MaxValue);
        IsCovered &= (guarded is null && total is null) || guarded >= total;
    }

    /// <summary>One entry of a policy: what its action says.</summary>
    private void Entry(JsonElement entry, AssessmentCause cause, bool isKnown)
    {
        switch (entry.Required("action").Text())
        {
            case "BLOCKED":
                _causes.Add(cause);
                break;
            case "NONE":
                if (entry.Optional("detected")?.Boolean() == true)
                {
                    _advice.Add(cause);
                }

                break;
            default:
                IsComplete = false;
                break;
        }

        IsComplete &= isKnown;
    }

    private void Items(JsonElement parent, string name, Action<AssessmentReading, JsonElement> read, bool isRequired = true) => Member(
        parent,
        name,
        (r, list) =>
        {
            foreach (var item in list.Items())
            {
                r.Attempt(() => read(r, item));
            }
        },
        isRequired);

    private void Member(JsonElement parent, string name, Action<AssessmentReading, JsonElement> read, bool isRequired = false) => Attempt(() =>
    {
        if ((isRequired ? parent.Required(name) : parent.Optional(name)) is { } value)
        {
            read(this, value);
        }
    });

    private void Attempt(Action read)
    {
        try
        {
            read();
        }
        catch (UnusableAnswerException)
        {
            IsComplete = false;
        }
    }
}
