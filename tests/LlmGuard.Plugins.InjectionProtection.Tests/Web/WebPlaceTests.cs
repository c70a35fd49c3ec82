namespace LlmGuard.Plugins.InjectionProtection.Tests.Web;

/// <summary>Machines, paths and files that decide between an attack of the web types and what looks like one, side by side.</summary>
public sealed class WebPlaceTests
{
    // Names of files, as values and in sentences about them.
    [TestCase("the umask is set in /etc/profile and nowhere else", false)]
    [TestCase("/etc/kubernetes/admin.conf", true)]
    [TestCase("cat /etc/profile", true)]

    // Machines.
    [TestCase("http://localhost:5173/users", true)]
    [TestCase("http://localhost/users", true)]
    [TestCase("http://192.168.1.20", true)]
    [TestCase("{\"url\":\"http://127.0.0.1:3000/\"}", true)]
    [TestCase("/proxy?u=http://localhost:3000/", true)]
    [TestCase("curl -s http://localhost:3000/", true)]
    [TestCase("our server is at http://localhost:5173/ today", false)]
    [TestCase("endpoint: http://localhost:4318 # collector", false)]
    [TestCase("/authorize?client_id=a&redirect_uri=http://localhost:8080/back", false)]
    [TestCase("our server is at http://127.1/ today", true)]
    [TestCase("postgres://u:p@localhost:5432/db", false)]
    [TestCase("see http://10.0.0.1/admin for more", false)]
    [TestCase("http://10.0.0.1/admin", true)]
    [TestCase("kubernetes.default.svc.cluster.local/api", true)]

    // Whole paths, ranges and statements.
    [TestCase("//div[@class='a']/p", false)]
    [TestCase("//div[@class='a' or '1'='1']", true)]
    [TestCase("{\"age\": {\"$gt\": 21}}", false)]
    [TestCase("{\"age\": {\"$gt\": 0}}", false)]
    [TestCase("{\"_id\": {\"$gt\": 0}}", true)]
    [TestCase("{\"author\": {\"$ne\": null}}", false)]
    [TestCase("{\"token\": {\"$ne\": null}}", true)]
    [TestCase("{\"age\": {\"$gt\": \"\"}}", true)]
    [TestCase("{\"age\": {\"$ne\": 21}}", true)]

    // Machines and files.
    [TestCase("jdbc:mysql://localhost:3306/shop", false)]
    [TestCase("http://localhost:3306/shop", true)]
    [TestCase("\\\\server\\share\\a.pdf", false)]
    [TestCase("\\\\evil.example\\share", true)]
    [TestCase("#!/bin/sh", false)]
    [TestCase("#!/bin/sh\nx; rm -rf /", true)]
    [TestCase("echo \"done at $(date)\"", false)]
    [TestCase("echo $(whoami)", true)]

    // A path that climbs above where it begins, or to the root of a machine.
    [TestCase("assets/img/../icons/a.svg", false)]
    [TestCase("../../../shared/a.ts", false)]
    [TestCase("../../../tmp/a.ts", true)]
    [TestCase("assets/../../a.ts", true)]

    // Paths of projects and of servers.
    [TestCase("<ProjectReference Include=\"..\\..\\src\\A\\A.csproj\" />", false)]
    [TestCase("..\\..\\windows\\a.cs", true)]
    [TestCase("../../../README.md#install", false)]
    [TestCase("../../../a.ts(12,5): error", false)]
    [TestCase("..;/manager/html", true)]
    [TestCase("cd ../../ && npm test", false)]

    // Machines by the numbers in their names, and where a login returns.
    [TestCase("http://7f000001.c0a80001.rbndr.us/", true)]
    [TestCase("http://0a1b2c3d.preview.example/", false)]
    [TestCase("{\"issuer\":\"http://localhost:8080/a\"}", false)]
    [TestCase("{\"url\":\"http://localhost:8080/a\"}", true)]
    [TestCase("ws://localhost:8080/socket", false)]

    // An address that is a setting, and one that only somebody who must not reach it asks for.
    [TestCase("http://localhost:3000/api/health", true)]
    [TestCase("https://[::1]:5001/swagger", true)]
    [TestCase("http://localhost:3000/admin", true)]
    [TestCase("http://localhost:3000/%61dmin", true)]
    [TestCase("http://user@localhost:3000/", true)]
    [TestCase("http://localhost:6379/", true)]
    [TestCase("http://127.0.0.1:22", true)]
    [TestCase("http://0.0.0.0:8000", true)]
    [TestCase("http://minio.internal:9000/bucket", true)]
    [TestCase("http://192.168.1.1/cgi-bin/luci", true)]
    [TestCase("http://kubernetes.default.svc/api", true)]
    [TestCase("postgres://app@db.internal:5432/orders?sslmode=require", false)]
    [TestCase("{\"base_url\": \"http://localhost:11434\", \"model\": \"llama3\"}", false)]
    [TestCase("{\"base_url\": \"http://localhost:11434/config\"}", true)]
    [TestCase("image_url=http://192.168.1.20/camera.jpg", true)]
    [TestCase("callback=http://localhost:3000/auth/done", true)]
    [TestCase("callback=http://localhost:8500/v1/x", true)]
    [TestCase("base_url=http://localhost:3000/api", false)]
    [TestCase("base_url=http://localhost:8500/v1/x", true)]
    [TestCase("https_proxy=http://10.0.0.4:8080", false)]
    [TestCase("https_proxy=http://10.0.0.4:22", true)]
    [TestCase("ldaps://ad.example.com:636", false)]
    [TestCase("ldap://127.0.0.1:389", true)]
    [TestCase("file:///home/anna/notes.txt", false)]
    [TestCase("file:///home/anna/.ssh/config", true)]
    [TestCase("https://a.example/translate?u=https://b.example", false)]
    [TestCase("/go?u=https://b.example", true)]

    // Files of the caller's own, samples, and what is no file.
    [TestCase("user?.profile?.name ?? 'Guest'", false)]
    [TestCase("/home/a/.profile", true)]
    [TestCase("id_rsa.pub", false)]
    [TestCase("id_rsa", true)]
    [TestCase("wp-config-sample.php", false)]
    [TestCase("wp-config.php", true)]
    [TestCase("/opt/app/config/database.yml", false)]
    [TestCase("../config/database.yml", true)]
    [TestCase("/var/log/myapp/app.log", false)]
    [TestCase("/var/log/apache2/x", true)]
    [TestCase("cat /var/log/myapp.txt", true)]
    [TestCase("volume: /var/lib/postgresql/data", false)]
    [TestCase("/var/lib/postgresql/data", true)]
    [TestCase("php.ini", false)]
    [TestCase("/usr/local/php.ini", true)]
    [TestCase("zlib:1.2.13", false)]
    [TestCase("zlib:../x", true)]
    [TestCase("data://users/active", false)]
    [TestCase("data://text/plain;base64,eA==", true)]
    public void Evaluate_Place_IsAnAttackOrNot(string text, bool isAttack) =>
        Assert.That(Injection.Rules(Injection.Judge(Injection.Web, text)), isAttack ? Is.Not.Empty : Is.Empty);
}
