using System.Diagnostics;

namespace LlmGuard.Http.Tests.Dialects.Crossed;

/// <summary>
/// Another platform's JSON reader, in a process of its own: says whether it finds a text in a body, at any depth, in names, values and JSON inside
/// strings.
/// </summary>
internal sealed class JsonOracle : IDisposable
{
    private const string Node = """
        const seen = v => typeof v === 'string' ? v.includes('MARKER') || inner(v)
          : Array.isArray(v) ? v.some(seen)
          : v && typeof v === 'object' ? Object.entries(v).some(([k, w]) => k.includes('MARKER') || seen(w)) : false;
        const inner = s => { if (!/^\s*[\[{]/.test(s)) return false; try { return seen(JSON.parse(s)); } catch { return false; } };
        require('readline').createInterface({ input: process.stdin }).on('line', line => {
          let answer;
          try { answer = seen(JSON.parse(Buffer.from(line, 'base64').toString('utf8'))) ? 'seen' : 'clean'; } catch { answer = 'refused'; }
          process.stdout.write(answer + '\n');
        });
        """;

    private const string Python = """
        import sys, json, base64
        def seen(v):
            if isinstance(v, str): return 'MARKER' in v or inner(v)
            if isinstance(v, list): return any(seen(x) for x in v)
            if isinstance(v, tuple): return 'MARKER' in v[0] or seen(v[1])
            return False
        def inner(s):
            if not s.lstrip()[:1] in ('[', '{'): return False
            try: return seen(read(s))
            except Exception: return False
        def read(s): return json.loads(s, object_pairs_hook=lambda pairs: [(k, v) for k, v in pairs])
        for line in sys.stdin:
            try: answer = 'seen' if seen(read(base64.b64decode(line))) else 'clean'
            except Exception: answer = 'refused'
            print(answer, flush=True)
        """;

    private readonly Process _process;

    private JsonOracle(Process process) => _process = process;

    /// <summary>Starts one; null when the platform is not installed.</summary>
    /// <param name="platform"><c>node</c> or <c>python3</c>.</param>
    public static JsonOracle? Start(string platform)
    {
        var start = new ProcessStartInfo(platform) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(platform == "node" ? "-e" : "-c");
        start.ArgumentList.Add(platform == "node" ? Node : Python);
        try
        {
            return Process.Start(start) is { } process ? new JsonOracle(process) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such program.
            return null;
        }
    }

    /// <summary>Asks about many bodies: <c>seen</c>, <c>clean</c> or <c>refused</c> for each.</summary>
    public async Task<List<string>> AskAsync(IReadOnlyList<byte[]> bodies)
    {
        var answers = new List<string>();
        var reading = ReadAsync();
        foreach (var body in bodies)
        {
            await _process.StandardInput.WriteLineAsync(Convert.ToBase64String(body));
        }

        _process.StandardInput.Close();
        await reading;
        return answers;

        async Task ReadAsync()
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } answer)
            {
                answers.Add(answer);
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
