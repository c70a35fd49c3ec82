namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>Where a rule ends: one text for each condition whose loss no test noticed when conditions were taken out one by one.</summary>
public sealed class ExactFormTests
{
    [TestCase("env x='() { :;}; id' bash -c :", "shell.shellshock", TestName = "a function without a body")]
    [TestCase("env x='(){ :;}; id' bash -c :", "shell.shellshock", TestName = "a function without a body, no blank before it")]
    [TestCase("env x='() {:;}; id' bash -c :", "shell.shellshock", TestName = "a function without a body, no blank within it")]
    [TestCase("env x='(){:;}; id' bash -c :", "shell.shellshock", TestName = "a function without a body, no blank")]
    [TestCase("echo /tmp/x.so >> /etc/ld.so.preload", "shell.persistence", TestName = "a library that every program loads")]
    [TestCase("cat /etc/gshadow", "shell.credentials", TestName = "hashed passwords of groups")]
    [TestCase("dd if=/dev/zero of=/dev/sda", "shell.destruction", TestName = "a disk that is written over")]
    [TestCase("format d: /q", "shell.destruction", TestName = "a drive that is formatted")]
    [TestCase("SELECT load_file('/etc/passwd') FROM uploads", "sql.file", TestName = "a file that a query reads")]
    [TestCase("GRANT ALL ON *.* TO a WITH GRANT OPTION", "sql.privilege", TestName = "every right, handed on")]
    public void Judge_DangerousForm_IsFound(string text, string rule) => Assert.That(Code.Rules(text), Does.Contain(rule));

    [TestCase("dd if=/dev/zero of=disk.img bs=1M", "shell.destruction", TestName = "an image of a disk")]
    [TestCase("format text /q", "shell.destruction", TestName = "a text that is formatted")]
    [TestCase("SELECT load_file FROM uploads", "sql.file", TestName = "a column named as a function")]
    [TestCase("echo a=1 bash -c id", "shell.inline_code", TestName = "a command that is only said, behind an assignment")]
    [TestCase("```ruby\nredirect_to Post.find(params[:id])\n```", "ruby.redirect.untrusted", TestName = "a record that is looked up")]
    [TestCase("```python\nimport requests\nrequests.get(url, stream=False)\n```", "python.unverified", TestName = "another option that is off")]
    [TestCase(
        "```csharp\nRegistry.CurrentUser.OpenSubKey(@\"Software\\Microsoft\\Windows\\CurrentVersion\\RunSave\", true)?.SetValue(\"a\", path);\n```",
        "csharp.startup",
        TestName = "a key that is named alike")]
    public void Judge_HarmlessForm_IsNot(string text, string rule) =>
        Assert.That(Code.Rules(text).Where(r => r.StartsWith(rule, StringComparison.Ordinal)), Is.Empty);

    [TestCase("```go\ndb.Query(fmt.Sprintf(\"SELECT a FROM t WHERE b = 'x'\"))\n```", TestName = "a format without values")]
    [TestCase("```javascript\nclient.query(\"SELECT a FROM t WHERE b = \".concat(\"'x'\"))\n```", TestName = "two literals")]
    [TestCase("```javascript\nclient.query({ text: 'SELECT a FROM t WHERE b = $1', values: [id] })\n```", TestName = "values beside the text")]
    [TestCase("```javascript\nconst q = {\n  text: 'SELECT a FROM t WHERE b = $1',\n  values: [id],\n}\nclient.query(q)\n```",
        TestName = "values beside the text of an object with a name")]
    public void Judge_QueryThatNothingIsWrittenInto_IsNone(string text) => Assert.That(Code.Rules(text), Does.Not.Contain("go.query.dynamic")
        .And.Not.Contain("javascript.query.dynamic"));

    [TestCase("```go\ndb.Query(fmt.Sprintf(\"SELECT a FROM t WHERE b = '%s'\", id))\n```", "go.query.dynamic", TestName = "a format with a value")]
    [TestCase("```javascript\nclient.query(\"SELECT a FROM t WHERE b = \".concat(id))\n```", "javascript.query.dynamic",
        TestName = "a literal and a value")]
    [TestCase("```javascript\nclient.query({ text: 'SELECT a FROM t WHERE b = ' + id, values: [] })\n```", "javascript.query.dynamic",
        TestName = "a value within the text of an object")]
    [TestCase("```csharp\nvar command = new SqlCommand(string.Concat(new string[] { \"SELECT a FROM \", table, \" WHERE b = 1\" }));\n```",
        "csharp.query.dynamic", TestName = "a value in a list that is joined")]
    public void Judge_QueryThatAValueIsWrittenInto_IsOne(string text, string rule) => Assert.That(Code.Rules(text), Does.Contain(rule));

    [Test]
    public void Judge_GrantFarBefore_HandsNothingOn()
    {
        var between = string.Concat(Enumerable.Repeat("word ", 40));
        Assert.That(Code.Rules($"GRANT ALL ON *.* TO a {between} WITH GRANT OPTION"), Does.Not.Contain("sql.privilege"));
    }
}
