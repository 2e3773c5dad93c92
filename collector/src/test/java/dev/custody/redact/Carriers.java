package dev.custody.redact;

import static dev.custody.redact.Carrier.base64;
import static dev.custody.redact.Carrier.encoded;
import static dev.custody.redact.Carrier.header;
import static dev.custody.redact.Carrier.indented;
import static dev.custody.redact.Carrier.line;
import static dev.custody.redact.Carrier.lower;
import static dev.custody.redact.Carrier.plain;
import static dev.custody.redact.Carrier.quoted;
import static dev.custody.redact.Carrier.telling;
import static dev.custody.redact.Carrier.wide;
import static dev.custody.redact.Carrier.wrapped;

import java.util.List;
import java.util.stream.Stream;

/** The texts that agents read, write and run, each with a place for a secret. */
final class Carriers {
  private static final String ESC = "\u001b";

  private Carriers() {}

  static List<Carrier> all() {
    return Stream.of(shells(), data(), wrappings(), wire(), files(), code(), prose())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Carrier> shells() {
    return List.of(
        telling("export", (n, v) -> "set -e\nexport " + n + "=" + quoted(v) + "\nmake\n"),
        telling("export bare", (n, v) -> "export " + n + "=" + line(v) + " && ./run"),
        telling("export single", (n, v) -> "export " + n + "='" + v + "'; ./run"),
        telling(
            "curl header",
            (n, v) -> "curl -sS -H \"%s: %s\" https://api.test/v1".formatted(header(n), line(v))),
        telling("command option", (n, v) -> "deploy --" + lower(n) + " " + v + " --verbose"),
        telling("command option =", (n, v) -> "deploy --" + lower(n) + "=" + v + " --verbose"),
        telling(
            "options in an array",
            (n, v) -> "{\"args\": [\"--" + lower(n) + "\", " + quoted(v) + ", \"--x\"]}"),
        telling(
            "options in a list",
            (n, v) -> "args:\n  - --" + lower(n) + "\n  - " + quoted(v) + "\n  - --x\n"),
        telling(
            "curl user",
            (n, v) -> "curl -sS -X POST \\\n  -u 'dana:" + line(v) + "' https://api.test"),
        telling("curl users", (n, v) -> "curl --user \"dana:" + line(v) + "\" https://api.test"),
        telling("powershell", (n, v) -> "$env:" + n + " = \"" + v + "\"\n./run.ps1"),
        telling("docker ENV", (n, v) -> "FROM alpine\nENV " + n + "=" + v + "\nRUN make"),
        telling(
            "docker run -e", (n, v) -> "docker run -e " + n + "=" + line(v) + " -p 80:80 acme/api"),
        telling("make variable", (n, v) -> n + " := " + line(v) + "\nall:\n\techo ok\n"),
        telling(
            "env in a list", (n, v) -> "{\"Env\": [\"PATH=/bin\", " + quoted(n + "=" + v) + "]}"),
        telling(
            "coloured",
            (n, v) -> ESC + "[32m" + n + ESC + "[0m=" + ESC + "[31m" + line(v) + ESC + "[0m\n"),
        telling(
            "coloured in JSON",
            (n, v) ->
                "{\"stdout\": "
                    + quoted(ESC + "[32m" + n + ESC + "[0m=" + ESC + "[1;31m" + v + ESC + "[0m")
                    + "}"));
  }

  private static List<Carrier> data() {
    return List.of(
        telling("JSON", (n, v) -> "{\"a\": 1, \"" + n + "\": " + quoted(v) + ", \"b\": 2}"),
        telling(
            "JSON in JSON",
            (n, v) -> "{\"body\": " + quoted("{\"" + n + "\": " + quoted(v) + "}") + "}"),
        telling(
            "JSON thrice",
            (n, v) ->
                "{\"x\": "
                    + quoted("{\"body\": " + quoted("{\"" + n + "\": " + quoted(v) + "}") + "}")
                    + "}"),
        telling("YAML", (n, v) -> "api:\n  " + n + ": " + yaml(v) + "\n  port: 80\n"),
        telling("YAML quoted", (n, v) -> "api:\n  " + n + ": " + quoted(v) + "\n  port: 80\n"),
        telling("TOML", (n, v) -> "[api]\n" + n + " = \"" + line(v) + "\"\nport = 80\n"),
        telling(
            "HCL",
            (n, v) -> "resource \"x\" \"y\" {\n  " + lower(n) + " = \"" + line(v) + "\"\n}\n"),
        telling(
            "plan",
            (n, v) -> "  + " + lower(n) + "        = \"" + line(v) + "\"\n  + name = \"x\"\n"),
        telling(
            "compose list",
            (n, v) -> "services:\n  api:\n    environment:\n      - " + n + "=" + line(v) + "\n"),
        telling(
            "compose map",
            (n, v) -> "services:\n  api:\n    environment:\n      " + n + ": " + quoted(v) + "\n"),
        telling(
            "variables",
            (n, v) ->
                "env:\n  - name: "
                    + n
                    + "\n    value: "
                    + quoted(v)
                    + "\n  - name: X\n    value: y\n"),
        telling(
            "variables in JSON",
            (n, v) -> "[{\"name\": \"" + n + "\", \"value\": " + quoted(v) + "}]"),
        telling(
            "Kubernetes stringData",
            (n, v) ->
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  item: "
                    + yaml(v)
                    + "\n"),
        telling(
            "Kubernetes data",
            (n, v) ->
                "apiVersion: v1\ndata:\n  item: "
                    + base64(v)
                    + "\n  other: eHh4eHh4\nkind: Secret\nmetadata:\n  name: x\n"),
        telling(
            "Kubernetes JSON",
            (n, v) ->
                "{\"kind\": \"Secret\", \"data\": {\"item\": \""
                    + base64(v)
                    + "\"}, \"type\": \"Opaque\"}"),
        telling(
            "kubeconfig", (n, v) -> "users:\n- name: dana\n  user:\n    token: " + yaml(v) + "\n"),
        telling(
            "properties", (n, v) -> "a.b=1\n" + lower(n).replace('_', '.') + "=" + line(v) + "\n"),
        telling(
            "INI",
            (n, v) -> "[default]\n" + lower(n) + " = " + line(v) + "\nregion = eu-north-1\n"),
        telling("XML", (n, v) -> "<c><a>1</a><" + n + ">" + v + "</" + n + "></c>"),
        telling("XML attribute", (n, v) -> "<c a=\"1\" " + n + "=\"" + line(v) + "\" b=\"2\"/>"),
        telling(
            "XML add",
            (n, v) ->
                "<appSettings><add key=\"" + n + "\" value=\"" + line(v) + "\" /></appSettings>"),
        plain("CSV", (n, v) -> "id,name,item\n1,x," + quoted(v) + "\n"));
  }

  private static List<Carrier> wrappings() {
    return List.of(
        telling(
            "base64",
            (n, v) -> "echo " + base64("A=1\n" + n + "=" + v + "\n") + " | base64 -d > .env"),
        telling(
            "base64 of JSON", (n, v) -> "config: " + base64("{\"" + n + "\":" + quoted(v) + "}")),
        telling(
            "base64 in lines",
            (n, v) ->
                "data:\n"
                    + wrapped(
                        "# a file of the service, with more than a line\n"
                            + n
                            + "="
                            + v
                            + "\n# end of the file\n")
                    + "\n"),
        telling(
            "base64 in JSON",
            (n, v) ->
                "{\"content\": "
                    + quoted(
                        wrapped(
                            "# a file of the service, with more than a line\n"
                                + n
                                + "="
                                + v
                                + "\n"))
                    + "}"),
        telling(
            "base64 of UTF-16",
            (n, v) -> "powershell -EncodedCommand " + wide("$env:" + n + " = '" + v + "'")),
        plain("base64 alone", (n, v) -> "x " + base64(v) + " y"),
        telling(
            "URL in a URL",
            (n, v) ->
                "https://a.test/go?next="
                    + encoded("https://b.test/x?" + n + "=" + encoded(v))
                    + "&z=1"),
        telling("percent", (n, v) -> "body=" + encoded("{\"" + n + "\":\"" + line(v) + "\"}")),
        telling(
            "HTML",
            (n, v) -> "<div data-x=\"{&quot;" + n + "&quot;:&quot;" + line(v) + "&quot;}\">"),
        telling(
            "JSON that is safe in HTML",
            (n, v) -> "{\"q\": \"a=1\\u0026" + n + "\\u003d" + line(v) + "\\u0026b=2\"}"));
  }

  private static List<Carrier> wire() {
    return List.of(
        telling("URL query", (n, v) -> "GET https://a.test/x?" + n + "=" + v + "&y=2 HTTP/1.1"),
        telling(
            "URL query encoded",
            (n, v) -> "GET https://a.test/x?" + n + "=" + encoded(v) + "&y=2 HTTP/1.1"),
        telling(
            "git remote",
            (n, v) ->
                "origin\thttps://x-access-token:"
                    + encoded(v)
                    + "@github.com/acme/api.git (fetch)"),
        telling("cookie header", (n, v) -> "Cookie: theme=dark; sid=" + v),
        telling("bearer header", (n, v) -> "authorization: Bearer " + v + "\r\nHost: a.test"),
        telling("basic header", (n, v) -> "Authorization: Basic " + base64("dana:" + v)),
        telling(
            "docker config",
            (n, v) ->
                "{\"auths\": {\"r.test\": {\"auth\": \"" + base64("dana:" + line(v)) + "\"}}}"),
        telling("form", (n, v) -> "user=dana&" + n + "=" + encoded(v) + "&submit=1"));
  }

  private static List<Carrier> files() {
    return List.of(
        telling(
            "line numbers",
            (n, v) ->
                "     1\u2192A=1\n     2\u2192"
                    + n
                    + "="
                    + indented(v, "     3\u2192")
                    + "\n     9\u2192B=2\n"),
        telling(
            "grep", (n, v) -> ".env:12:" + n + "=" + indented(v, ".env:13:") + "\n.env-14-B=2\n"),
        telling(
            "cat -n", (n, v) -> "     1\tA=1\n     2\t" + n + "=" + indented(v, "     3\t") + "\n"),
        telling(
            "diff",
            (n, v) ->
                "@@ -1,2 +1,2 @@\n A=1\n-" + n + "=" + indented(v, "-") + "\n+" + n + "=${X}\n"),
        telling(
            "diff added",
            (n, v) -> "@@ -1,2 +1,2 @@\n A=1\n+" + n + ": \"" + indented(v, "+") + "\"\n"),
        telling("word-diff", (n, v) -> n + "={+" + line(v) + "+}\nB=2"),
        telling("netrc", (n, v) -> "machine a.test login dana password " + v + "\n"),
        telling("pgpass", (n, v) -> "db.test:5432:app:dana:" + v + "\n"),
        telling(
            "npmrc",
            (n, v) -> "@acme:registry=https://r.test/\n//r.test/:_authToken=" + line(v) + "\n"),
        telling("pypirc", (n, v) -> "[pypi]\nusername = __token__\npassword = " + line(v) + "\n"),
        telling("SQL", (n, v) -> "UPDATE settings SET " + n + " = '" + v + "' WHERE id = 1;"),
        telling("SQL user", (n, v) -> "CREATE USER app WITH PASSWORD '" + line(v) + "';"),
        telling("MySQL user", (n, v) -> "CREATE USER 'app'@'%' IDENTIFIED BY '" + line(v) + "';"));
  }

  private static List<Carrier> code() {
    return List.of(
        telling("Java", (n, v) -> "  private static final String " + n + " = " + quoted(v) + ";\n"),
        telling("Python", (n, v) -> "os.environ[\"" + n + "\"] = " + quoted(v) + "\n"),
        telling(
            "keyword",
            (n, v) -> "client = Client(region=\"x\", " + lower(n) + "=" + quoted(v) + ")"),
        telling(
            "JavaScript",
            (n, v) -> "const c = { port: 80, " + n.replace('-', '_') + ": '" + line(v) + "' };"),
        telling("Go", (n, v) -> "\tos.Setenv(\"" + n + "\", " + quoted(v) + ")\n"),
        telling("Ruby", (n, v) -> "config[:" + n.replace('-', '_') + "] => " + quoted(v)),
        telling(
            "stack trace",
            (n, v) ->
                "java.io.IOException: 401, " + n + "=" + line(v) + "\n\tat a.B.c(B.java:12)\n"),
        telling(
            "log line",
            (n, v) ->
                "2026-01-01T00:00:00Z INFO [main] loaded " + n + "=" + line(v) + " from .env"),
        telling(
            "log with a map",
            (n, v) -> "level=info msg=\"x\" cfg={port=80, " + n + "=" + line(v) + "}"));
  }

  private static List<Carrier> prose() {
    return List.of(
        telling("sentence", (n, v) -> "Use " + n + ": " + v + " for the test."),
        plain("inline code", (n, v) -> "Then set it to `" + v + "` and run."),
        plain("table", (n, v) -> "| item | value |\n|---|---|\n| x | " + line(v) + " |\n"),
        plain("fence", (n, v) -> "```\n" + v + "\n```\n"),
        plain("angle brackets", (n, v) -> "see <" + line(v) + ">"),
        plain("output", (n, v) -> "ok\n" + v + "\nok\n"));
  }

  /** A block where the value has lines, a plain word where it has none. */
  private static String yaml(String value) {
    return value.contains("\n") ? "|\n      " + indented(value, "      ") : value;
  }
}
