namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>Which argument makes a call dangerous: each pair differs in nothing else.</summary>
public sealed class ArgumentTests
{
    [TestCase("```js\nconst { spawn } = require('child_process');\nspawn('npm', ['run', target], { stdio: 'inherit' });\n```", "", Description = "No shell reads a list.")]
    [TestCase("```js\nconst { spawn } = require('child_process');\nspawn('sh', ['-c', target]);\n```", "javascript.program.dynamic")]
    [TestCase("```js\nconst { spawn } = require('child_process');\nspawn('npm run', [target], { shell: true });\n```", "javascript.program.dynamic")]
    [TestCase("```js\nconst { spawn } = require('child_process');\nspawn(tool, ['run']);\n```", "javascript.program.dynamic")]
    [TestCase("```go\nexec.Command(\"ffmpeg\", \"-i\", in, out)\n```", "")]
    [TestCase("```go\nexec.Command(\"sh\", \"-c\", script)\n```", "go.process.dynamic")]
    [TestCase("```ruby\nsystem(\"convert\", name)\n```", "")]
    [TestCase("```ruby\nsystem(\"convert #{name}\")\n```", "ruby.command.dynamic")]
    [TestCase("```ts\nimport { execSync as run } from 'node:child_process';\nrun('git checkout ' + ref);\n```", "javascript.command.dynamic")]
    [TestCase("```ts\nimport { execSync as run } from './other';\nrun('git checkout ' + ref);\n```", "")]
    [TestCase("```python\nos.system(\"cls\" if os.name == \"nt\" else \"clear\")\n```", "")]
    [TestCase("```python\nos.system(\"cls\" if os.name == \"nt\" else command)\n```", "python.command.dynamic")]
    [TestCase("```python\nos.system(command if os.name == \"nt\" else \"clear\")\n```", "python.command.dynamic")]
    [TestCase("```powershell\nStart-Process notepad.exe\n```", "")]
    [TestCase("```powershell\nStart-Process $program\n```", "powershell.process.dynamic")]
    [TestCase("```php\nfile_put_contents('cache.txt', $_POST['text']);\n```", "")]
    [TestCase("```php\nfile_put_contents($_POST['name'], 'text');\n```", "php.path.untrusted")]
    [TestCase("```php\necho htmlspecialchars($_GET['name']);\n```", "")]
    [TestCase("```php\necho 'Hello ' . $_GET['name'];\n```", "php.output.untrusted")]
    [TestCase("```python\nopen('/srv/' + str(int(request.args['n'])))\n```", "")]
    [TestCase("```python\nopen('/srv/' + request.args['n'])\n```", "python.open.untrusted")]
    [TestCase("```js\nres.send('<p>' + escapeHtml(req.query.q) + '</p>');\n```", "")]
    [TestCase("```js\nres.send('<p>' + req.query.q + '</p>');\n```", "javascript.response.untrusted")]
    [TestCase("```js\nres.redirect('/new');\n```", "")]
    [TestCase("```js\nres.redirect(req.query.to);\n```", "javascript.redirect.untrusted")]
    [TestCase("User.where(\"created_at > ?\", since)", "")]
    [TestCase("User.where(\"name = '#{params[:name]}'\")", "ruby.condition.untrusted")]
    [TestCase("```js\nnew https.Agent({ rejectUnauthorized: true });\n```", "")]
    [TestCase("```js\nnew https.Agent({ rejectUnauthorized: false });\n```", "tls.unverified")]
    [TestCase("```go\ntls.Config{InsecureSkipVerify: true}\n```", "tls.unverified")]
    [TestCase("```python\ncontext.check_hostname = True\n```", "")]
    [TestCase("```python\ncontext.check_hostname = False\n```", "python.certificates")]
    [TestCase("```csharp\nusing var p = Process.Start(new ProcessStartInfo(\"dotnet\", \"--info\") { RedirectStandardOutput = true });\n```", "")]
    [TestCase("```csharp\nusing var p = Process.Start(new ProcessStartInfo(\"cmd.exe\", \"/c \" + command));\n```", "csharp.start_info.dynamic")]
    public void Judge_Call_DependsOnTheArgumentThatMatters(string text, string expected) =>
        Assert.That(string.Join(' ', Code.Rules(text, "medium").Distinct()), Is.EqualTo(expected));
}
