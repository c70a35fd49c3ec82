using System.Net;
using System.Net.Sockets;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Judges.Tests.Matrix;

/// <summary>One thing that goes wrong and what it is to be called.</summary>
internal sealed record FaultCase(string Name, FailureClass Class, string Reason)
{
    /// <summary>Words in the answers of faults that must appear nowhere.</summary>
    public const string VendorWords = "vendor words";

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    /// <summary>What the fake does; null for a fault on the way.</summary>
    public Func<JudgeDescriptor, Fault?>? Fault { get; init; }

    /// <summary>Where the judge is asked instead of at the fake.</summary>
    public Func<Uri>? Address { get; init; }

    /// <summary>Whether the fake speaks TLS with a certificate nobody trusts.</summary>
    public bool UsesTls { get; init; }

    /// <summary>Whether the judge fails often before.</summary>
    public bool OpensBreaker { get; init; }

    public TimeSpan Timeout { get; init; } = Enough;

    /// <summary>The table: every fault, with the outcome that the documentation promises.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        Down("connect refused", FailureReasons.Transport) with { Address = ClosedPort },
        Down("DNS failure", FailureReasons.Transport) with { Address = static () => new Uri("http://judge.invalid/") },
        Down("TLS failure", FailureReasons.Transport) with { UsesTls = true },
        Down("connection reset before the head", FailureReasons.Transport, FakeClouds.Hosting.Fault.Reset),
        Down("timeout before the head", FailureReasons.Timeout, FakeClouds.Hosting.Fault.Hang) with { Timeout = Short },
        Down("timeout during the body", FailureReasons.Timeout, FakeClouds.Hosting.Fault.HangInBody) with { Timeout = Short },
        Down("slow drip", FailureReasons.Timeout, FakeClouds.Hosting.Fault.Drip) with { Timeout = Short },
        Status(400, FailureClass.Input, FailureReasons.Undecodable),
        Status(401, FailureClass.Availability, FailureReasons.Credentials),
        Status(403, FailureClass.Availability, FailureReasons.Credentials),
        Status(404, FailureClass.Availability, FailureReasons.ConfigInvalid),
        Status(408, FailureClass.Availability, FailureReasons.Timeout),
        Status(413, FailureClass.Input, FailureReasons.LimitExceeded),
        Status(422, FailureClass.Input, FailureReasons.Undecodable),
        Status(429, FailureClass.Availability, FailureReasons.Throttled),
        Status(429, FailureClass.Availability, FailureReasons.Throttled, "Retry-After", "3600"),
        Status(429, FailureClass.Availability, FailureReasons.Throttled, "Retry-After", "tomorrow"),
        Status(429, FailureClass.Availability, FailureReasons.Throttled, "Retry-After", "Wed, 21 Oct 2099 07:28:00 GMT"),
        Status(405, FailureClass.Availability, FailureReasons.ConfigInvalid),
        Status(410, FailureClass.Availability, FailureReasons.ConfigInvalid),
        Status(500, FailureClass.Availability, FailureReasons.Transport),
        Status(501, FailureClass.Availability, FailureReasons.Transport),
        Status(504, FailureClass.Availability, FailureReasons.Transport),
        Status(529, FailureClass.Availability, FailureReasons.Transport),
        Status(503, FailureClass.Availability, FailureReasons.Transport, "Retry-After", "-1"),
        Status(503, FailureClass.Availability, FailureReasons.Transport),
        Status(302, FailureClass.Availability, FailureReasons.Transport, "Location", "http://127.0.0.1:1/"),
        Answer("HTML instead of JSON", static _ => FakeClouds.Hosting.Fault.Html()),
        Answer("HTML with an error status", static _ => FakeClouds.Hosting.Fault.Html(502)) with { Class = FailureClass.Availability,
            Reason = FailureReasons.Transport },
        Answer("empty body", static _ => FakeClouds.Hosting.Fault.Instead(200, "")),
        Answer("no content", static _ => FakeClouds.Hosting.Fault.Changed(static _ => " ")),
        Answer("truncated JSON", static _ => FakeClouds.Hosting.Fault.Changed(static body => body[..(body.Length / 2)])),
        Answer("trailing data", static _ => FakeClouds.Hosting.Fault.Changed(static body => body + "{}")),
        Answer("JSON null", static _ => FakeClouds.Hosting.Fault.Instead(200, "null")),
        Answer("JSON array", static _ => FakeClouds.Hosting.Fault.Instead(200, "[]")),
        Answer("empty object", static _ => FakeClouds.Hosting.Fault.Instead(200, "{}")),
        Answer("connection cut in the body", static _ => FakeClouds.Hosting.Fault.Cut),
        Answer("wrong types", static judge => FakeClouds.Hosting.Fault.Changed(judge.WrongType)),
        Answer("missing verdict", static judge => FakeClouds.Hosting.Fault.Changed(judge.MissingVerdict)),
        Answer("unknown value", static judge => judge.UnknownValue is { } change ? FakeClouds.Hosting.Fault.Changed(change) : null),
        Answer("empty results", static judge => judge.EmptyResults is { } change ? FakeClouds.Hosting.Fault.Changed(change) : null),
        Answer("oversize answer", static _ => FakeClouds.Hosting.Fault.Oversize),
        Answer("compressed although nobody asked", static _ => Gzip("{}")),
        Answer("compressed and cut", static _ => Gzip("\u001f\u008b\b\0\0\0")),
        Down("breaker open", FailureReasons.CircuitOpen) with { OpensBreaker = true },
    ];

    public override string ToString() => Name;

    private static FaultCase Down(string name, string reason, Fault? fault = null) =>
        new(name, FailureClass.Availability, reason) { Fault = fault is null ? null : _ => fault };

    private static FaultCase Answer(string name, Func<JudgeDescriptor, Fault?> fault) =>
        new(name, FailureClass.Input, FailureReasons.VerdictIncomplete) { Fault = fault };

    private static FaultCase Status(int status, FailureClass failureClass, string reason, params string[] header) =>
        new(header.Length == 0 ? $"{status}" : $"{status} with {header[0]}: {header[1]}", failureClass, reason)
        {
            Fault = judge => FakeClouds.Hosting.Fault.Instead(
                status,
                judge.ErrorBody(status),
                "application/json",
                header.Length == 0 ? [] : [(header[0], header[1])]),
        };

    private static Fault Gzip(string body) => FakeClouds.Hosting.Fault.Instead(200, body, "application/json", [("Content-Encoding", "gzip")]);

    private static Uri ClosedPort()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/");
    }
}
