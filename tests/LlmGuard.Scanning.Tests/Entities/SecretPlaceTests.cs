using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Secrets that their place tells: behind a user, below a header, within a block that has the name, at the end of a command.</summary>
public sealed class SecretPlaceTests
{
    private static readonly ScanPlan Secrets = Scans.Entities(EntityCatalog.InGroup("secrets"));

    [TestCase("ID/PW - ops/kJ4mPq7x", "kJ4mPq7x")]
    [TestCase("ID / PW : ops / kj44m#2", "kj44m#2")]
    [TestCase("ID/PW: ops/kJ4mPq7x", "ops/kJ4mPq7x")]
    [TestCase("login/password-ops/kestrel77", "kestrel77")]
    [TestCase("\uBE44\uBC88-ops:kestrel77", "kestrel77")]
    [TestCase("creds -> svc:kestrel77", "kestrel77")]
    [TestCase("credentials: svc:kestrel77.", "kestrel77")]
    [TestCase("use login admin / kestrel77 for staging", "kestrel77")]
    [TestCase("10.0.0.7 (root/kJ4mPq7x)", "kJ4mPq7x")]
    [TestCase("ssh bo@10.0.0.7 (root/kJ4mPq7x)", "kJ4mPq7x")]
    public void Find_PairOfUserAndPassword_IsFound(string text, string secret) =>
        Assert.That(Scans.Find(Secrets, text), Is.EqualTo(new[] { secret }));

    [TestCase("http://10.0.0.7/root/kJ4mPq7x/api")]
    [TestCase("10.0.0.7/root/kJ4mPq7x")]
    [TestCase("10.0.0.7 chapter/section2")]
    [TestCase("10.0.0.7 Chrome/120.0.6099.109")]
    [TestCase("see login pages/step2b of the guide")]
    [TestCase("ID/PW: ${USER}/${PASS}")]
    [TestCase("login server:8080")]
    [TestCase("login app01:8080/path2a")]
    [TestCase("password src/Utf8Json/Reader.cs")]
    [TestCase("creds -> see 1Password")]
    [TestCase("copy docs/Utf8Json to build/Base64Url")]
    public void Find_WordsWithASlashOrColon_AreLeftAlone(string text) => Assert.That(Scans.Find(Secrets, text), Is.Empty);

    [TestCase("user,password\nmara,kestrel77\nbo,x", "kestrel77")]
    [TestCase("user,password\r\nmara,kestrel77\r\n", "kestrel77")]
    [TestCase("url,username,password,note\nhttps://a.example,mara,kestrel77,", "kestrel77")]
    [TestCase("host\tlogin\tpasswd\nsrv1\troot\tkestrel77", "kestrel77")]
    [TestCase("name;pass;role\nmara;kestrel77;admin", "kestrel77")]
    [TestCase("\"url\",\"password\"\n\"https://a.example\",\"kestrel77\"", "kestrel77")]
    [TestCase("password,user\nkestrel77,mara", "kestrel77")]
    [TestCase("| host | user | password |\n|---|---|---|\n| db1 | root | kestrel77 |", "kestrel77")]
    [TestCase("id,api_key,created\n1,pX7Qm2Zt9LwK4vRb8NcY,2024-01-02", "pX7Qm2Zt9LwK4vRb8NcY")]
    [TestCase("mail,access_token\na,pX7Qm2Zt9LwK4vRb8NcY", "pX7Qm2Zt9LwK4vRb8NcY")]
    [TestCase("Exported today.\nuser,password\nmara,kestrel77", "kestrel77")]
    public void Find_ColumnNamedAsASecret_FirstRowIsFound(string text, string secret) =>
        Assert.That(Scans.Find(Secrets, text), Is.EqualTo(new[] { secret }));

    [TestCase("user,password\nmara,\n")]
    [TestCase("user,password\nmara,********\n")]
    [TestCase("user,password\nmara,secret\n")]
    [TestCase("user,password\nmara,kestrel77,more\n")]
    [TestCase("user,role,last_login\nalice,admin,2024-05-01")]
    [TestCase("id,name,password_policy\n1,basic,min8chars")]
    [TestCase("name,token_count,model\ndoc1,40961,gpt4o2024")]
    [TestCase("| field | type |\n|---|---|\n| password | string16 |")]
    [TestCase("We asked for a password\nmara,kestrel77")]
    [TestCase("(user,password\nmara,kestrel77")]
    public void Find_TableWithoutASecret_IsLeftAlone(string text) => Assert.That(Scans.Find(Secrets, text), Is.Empty);

    [TestCase("machine h.example\n  login mara\n  password kestrel77", "kestrel77")]
    [TestCase("username ops privilege 15 password 0 kestrel77", "kestrel77")]
    [TestCase("remote: user 'ci' password 'kestrel77'", "kestrel77")]
    [TestCase("enable password kestrel77", "kestrel77")]
    [TestCase("snmp-server community kestrel77 RO", "kestrel77")]
    [TestCase("GRANT ALL ON x.* TO bo IDENTIFIED BY 'kestrel77';", "kestrel77")]
    [TestCase("zip -e -P kestrel77 a.zip b", "kestrel77")]
    [TestCase("openssl enc -d -aes256 -k kestrel77 -in a", "kestrel77")]
    [TestCase("snowsql -u bo -p kestrel77", "kestrel77")]
    [TestCase("net user bo kestrel77 /add", "kestrel77")]
    [TestCase("the password in the safe is Kestrel77!q", "Kestrel77!q")]
    public void Find_PlaceOfAPassword_TakesLettersAndDigits(string text, string secret) =>
        Assert.That(Scans.Find(Secrets, text), Is.EqualTo(new[] { secret }));

    [TestCase("reset the password kestrel77 asked about")]
    [TestCase("wget --ask-password https://localhost")]
    [TestCase("docker run -u root -p 8080:80 web2")]
    [TestCase("curl -k https://h.example/v2")]
    [TestCase("\"a-strong-password\": \"/en/server@3.0/auth2\"")]
    public void Find_OtherThanAPassword_IsLeftAlone(string text) => Assert.That(Scans.Find(Secrets, text), Is.Empty);

    [TestCase("\"Jwt\": { \"Issuer\": \"x\", \"Key\": \"pX7Qm2Zt9LwK4vRb8NcY\" }", "pX7Qm2Zt9LwK4vRb8NcY")]
    [TestCase("variable \"db_password\" {\n  type    = string\n  default = \"kestrel77\"\n}", "kestrel77")]
    [TestCase("<entry>\n  <key>PASS</key>\n  <value>kestrel77</value>\n</entry>", "kestrel77")]
    [TestCase("sonar.login=6974f028e48154f20a7863f55bbfc0d65a9947af", "6974f028e48154f20a7863f55bbfc0d65a9947af")]
    [TestCase("app.secret_key = 'OXGPyhZ2nyzUQJ#4'", "OXGPyhZ2nyzUQJ#4")]
    [TestCase("define( 'AUTH_KEY',         'W3XXd5#A=Av1 AXacNxDPWKhrSV=FRE6UmEIGA&l1oI%eEuB7NvDPf|Zy9jRRFQe' );",
        "W3XXd5#A=Av1 AXacNxDPWKhrSV=FRE6UmEIGA&l1oI%eEuB7NvDPf|Zy9jRRFQe")]
    public void Find_SecretNamedFurtherAway_IsFound(string text, string secret) =>
        Assert.That(Scans.Find(Secrets, text), Is.EqualTo(new[] { secret }));

    [TestCase("\"cache\": { \"Key\": \"pX7Qm2Zt9LwK4vRb8NcY\" }")]
    [TestCase("\"Jwt\": { \"Issuer\": \"x\" }, \"Key\": \"pX7Qm2Zt9LwK4vRb8NcY\"")]
    public void Find_KeyOfAnotherBlock_IsDoubted(string text) => Assert.That(Scans.Find(Secrets, text), Is.Empty);
}
