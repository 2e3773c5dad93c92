package dev.custody.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the name of a value says about it: {@code DB_PASSWORD}, {@code secretAccessKey}, {@code
 * max_tokens}.
 */
enum SecretName {
  /** Nothing: the value is read as any text. */
  PLAIN,
  AWS_SECRET_KEY,
  AWS_SESSION_TOKEN,
  AZURE_STORAGE_KEY,
  AUTHORIZATION,
  COOKIE,
  SET_COOKIE,
  PASSWORD,
  /** {@code pass} and nothing else, which is also a verdict: what looks like a password is one. */
  PASS,
  /** A secret or token of whatever kind. */
  SECRET,
  /** AppRole's secret id is a secret; that of AWS Secrets Manager is a name. */
  SECRET_ID,
  /** A key, a signature, a credential: a secret only if it looks random. */
  DOUBTFUL;

  private static final Set<String> DOUBTFUL_WORDS =
      Set.of(
          "key",
          "auth",
          "bearer",
          "cred",
          "creds",
          "credential",
          "credentials",
          "pat",
          "sig",
          "signature",
          "salt",
          "otp",
          "dsn");

  private static final Set<String> FILES =
      Set.of(
          "c", "h", "cc", "cpp", "go", "rs", "py", "js", "ts", "java", "kt", "rb", "php", "sh",
          "md", "html", "asc", "gpg", "scm", "po", "texi", "json", "yaml", "yml", "xml", "txt");

  /** Keys that everybody may know. */
  private static final Set<String> PUBLIC = Set.of("public", "pub", "pubkey", "publishable");

  private static final List<String> JUST_PASS = List.of("pass");

  private static final int LONGEST = 64;

  /** What follows the word makes it a statement about a secret, not the secret. */
  private static final Set<String> ABOUT =
      Set.of(
          "age",
          "algorithm",
          "arn",
          "at",
          "budget",
          "bytes",
          "count",
          "counts",
          "delimiter",
          "dir",
          "endpoint",
          "enabled",
          "env",
          "exists",
          "expiration",
          "expires",
          "expiry",
          "field",
          "file",
          "fingerprint",
          "format",
          "hint",
          "index",
          "input",
          "kind",
          "label",
          "last",
          "len",
          "length",
          "limit",
          "manager",
          "max",
          "min",
          "name",
          "names",
          "path",
          "policy",
          "prefix",
          "ref",
          "region",
          "required",
          "reset",
          "rotation",
          "scanning",
          "size",
          "status",
          "stdin",
          "strength",
          "tags",
          "template",
          "ttl",
          "type",
          "types",
          "updated",
          "uri",
          "url",
          "usage",
          "used",
          "version");

  /** Is the value a secret that stands by its own, in a tree as in a text? */
  boolean isSecret() {
    return this != PLAIN;
  }

  /** Reads the name in {@code text[from, to)}; what is longer than any name is none. */
  static SecretName of(String text, int from, int to) {
    if (to - from > LONGEST || !mayBeSecret(text, from, to)) {
      return PLAIN;
    }
    List<String> words = words(text.substring(from, to));
    if (words.size() > 1
        && FILES.contains(words.getLast())
        && text.substring(from, to).contains(".")) {
      return PLAIN; // private-keys.c: a file's name.
    }
    String joined = String.join("", words);
    if (joined.endsWith("secretaccesskey") || joined.endsWith("awssecretkey")) {
      return AWS_SECRET_KEY;
    }
    if (joined.endsWith("sessiontoken") || joined.endsWith("securitytoken")) {
      return AWS_SESSION_TOKEN;
    }
    if (joined.endsWith("accountkey") || joined.endsWith("sharedaccesskey")) {
      return AZURE_STORAGE_KEY;
    }
    if (joined.endsWith("authorization")) {
      return AUTHORIZATION;
    }
    if (joined.endsWith("cookie")) {
      return joined.endsWith("setcookie") ? SET_COOKIE : COOKIE;
    }
    return ofWords(words, joined);
  }

  /** Cheap, for it is asked at each colon: most names end here. */
  private static boolean mayBeSecret(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      boolean found =
          switch (text.charAt(i)) {
            case 's', 'S' ->
                has(text, i, to, "secret")
                    || has(text, i, to, "sharedaccess")
                    || has(text, i, to, "sig")
                    || has(text, i, to, "salt");
            case 'p', 'P' ->
                has(text, i, to, "pass")
                    || has(text, i, to, "pwd")
                    || has(text, i, to, "priv")
                    || has(text, i, to, "pat");
            case 't', 'T' -> has(text, i, to, "token");
            case 'a', 'A' ->
                has(text, i, to, "api") || has(text, i, to, "auth") || has(text, i, to, "acc");
            case 'k', 'K' -> has(text, i, to, "key");
            case 'c', 'C' -> has(text, i, to, "cred") || has(text, i, to, "cookie");
            case 'b', 'B' -> has(text, i, to, "bearer");
            case 'd', 'D' -> has(text, i, to, "dsn");
            case 'o', 'O' -> has(text, i, to, "otp");
            default -> false;
          };
      if (found) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(String text, int at, int to, String stem) {
    return at + stem.length() <= to && CharSet.startsWith(text, at, stem);
  }

  private static SecretName ofWords(List<String> words, String joined) {
    if (joined.endsWith("secretid")) {
      return SECRET_ID;
    }
    if (words.equals(JUST_PASS)) {
      return PASS;
    }
    SecretName found = PLAIN;
    for (int i = 0; i < words.size(); i++) {
      SecretName here = ofWord(words, i);
      if (here != PLAIN) {
        found = here;
      } else if (found != PLAIN && (ABOUT.contains(words.get(i)) || words.get(i).equals("id"))) {
        return PLAIN;
      }
    }
    if (found == PLAIN && (joined.contains("apikey") || joined.contains("privatekey"))) {
      return aboutAKey(words) ? PLAIN : SECRET;
    }
    return found == PLAIN && isDoubtful(words) ? DOUBTFUL : found;
  }

  private static boolean isDoubtful(List<String> words) {
    boolean doubtful = false;
    for (String word : words) {
      doubtful |=
          DOUBTFUL_WORDS.contains(word)
              || word.endsWith("key")
              || word.endsWith("signature")
              || word.endsWith("credential")
              || word.endsWith("credentials");
      if (PUBLIC.contains(word)) {
        return false;
      }
    }
    return doubtful && !aboutAKey(words);
  }

  private static boolean aboutAKey(List<String> words) {
    String last = words.getLast();
    return ABOUT.contains(last) || last.equals("id");
  }

  private static SecretName ofWord(List<String> words, int at) {
    String word = words.get(at);
    boolean last = at == words.size() - 1;
    if ((word.contains("password") && !word.contains("passwordless"))
        || word.contains("passwd")
        || word.contains("passphrase")
        || (last && word.endsWith("pwd") && !word.equals("pwd") && !word.equals("oldpwd"))
        || (last
            && at > 0
            && (word.equals("pwd") || word.equals("pass"))
            && !words.get(at - 1).equals("old"))) {
      return PASSWORD;
    }
    if (word.contains("secret") && !word.contains("secretar")) {
      return SECRET;
    }
    // Tokens in the plural are counted ones: max_tokens, input_tokens.
    return word.contains("token") && !word.contains("tokeni") && !word.endsWith("tokens")
        ? SECRET
        : PLAIN;
  }

  /** The words of a name: split at case changes and separators, in lower case. */
  static List<String> words(String name) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= name.length(); i++) {
      boolean separator = i == name.length() || !CharSet.ALNUM.has(name.charAt(i));
      boolean hump =
          !separator
              && i > start
              && Character.isUpperCase(name.charAt(i))
              && Character.isLowerCase(name.charAt(i - 1));
      if ((separator || hump) && i > start) {
        words.add(name.substring(start, i).toLowerCase(Locale.ROOT));
      }
      if (separator) {
        start = i + 1;
      } else if (hump) {
        start = i;
      }
    }
    return words;
  }
}
