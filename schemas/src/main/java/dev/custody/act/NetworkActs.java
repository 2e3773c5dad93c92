package dev.custody.act;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What reaches another machine. */
final class NetworkActs {
  private static final Set<String> LISTENS = Set.of("-l", "--listen", "-z");
  private static final Set<String> SOCKET = Set.of("--unix-socket", "--abstract-unix-socket", "-U");
  private static final Set<String> PROXIES = Set.of("-x", "--proxy", "--preproxy");
  private static final Set<String> URL = Set.of("--url");
  private static final Set<String> CONNECT = Set.of("-connect");
  private static final Set<String> CREDENTIALS =
      Set.of("-H", "--header", "-u", "--user", "--auth", "-a", "-b", "--cookie");
  private static final Set<String> DNS_TYPES =
      Set.of("A", "AAAA", "ANY", "TXT", "MX", "NS", "SOA", "CNAME", "PTR", "SRV", "CAA", "IN");
  private static final List<String> SOCAT =
      List.of("TCP:", "TCP4:", "TCP6:", "OPENSSL:", "SSL:", "UDP:", "UDP4:", "TCP-CONNECT:");

  private final Found found;

  NetworkActs(Found found) {
    this.found = found;
  }

  /**
   * What a program reaches; whether it reaches anything that is not here.
   *
   * @param taint of all that it is given
   * @param input of what it is given by the pipe
   */
  boolean reaches(String program, ProgramRules rules, Arguments arguments, int taint, int input) {
    boolean sends = sends(program, rules, arguments);
    int carried = taint | (sends ? input : 0);
    boolean local = arguments.has(SOCKET, null) && rules.url;
    boolean reached = false;
    if (rules.url && !local) {
      reached = urls(program, arguments, carried | secretVariables(arguments), sends);
    } else if (rules.host && !arguments.has(LISTENS, null)) {
      reached = host(program, arguments, taint | input, rules.bodyOperands);
    } else if (program.equals("socat")) {
      reached = socat(arguments, taint | input);
    } else if (program.equals("openssl") && arguments.has(CONNECT, null)) {
      for (Value value : arguments.values(CONNECT)) {
        reached |= connect(Hosts.withoutPort(value.text()), taint | input, false);
      }
    }
    if (rules.dnsOperand >= 0) {
      names(rules.dnsOperand, arguments, taint);
    }
    if (sends && reached) {
      found.sent(literal(rules, arguments));
    }
    return reached;
  }

  private static boolean sends(String program, ProgramRules rules, Arguments arguments) {
    return arguments.has(rules.bodyOptions, null)
        || (rules.bodyOperands && !program.startsWith("s"))
        || (rules.url && arguments.operands().stream().anyMatch(NetworkActs::isItem));
  }

  /** Of httpie: {@code name=value}, {@code name:=json}, {@code name@file}. */
  private static boolean isItem(Value operand) {
    String text = operand.text();
    return !text.contains("://") && text.indexOf('=') > 0 && text.indexOf('/') < 0;
  }

  private static long literal(ProgramRules rules, Arguments arguments) {
    long bytes = 0;
    for (Value value : arguments.values(rules.bodyOptions)) {
      bytes += value.text().startsWith("@") ? 0 : value.text().length();
    }
    return bytes;
  }

  /** Variables that are secrets by name, in what is sent or asked for, credentials set aside. */
  private static int secretVariables(Arguments arguments) {
    int taint = 0;
    for (Arguments.Option option : arguments.options()) {
      Value value = option.value();
      if (value != null && !CREDENTIALS.contains(option.name())) {
        taint |= secretVariable(value.text());
      }
    }
    for (Value operand : arguments.operands()) {
      taint |= secretVariable(operand.text());
    }
    return taint;
  }

  private static int secretVariable(String text) {
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
      int end = at + 1;
      while (end < text.length()
          && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
        end++;
      }
      if (Scope.isSecretName(text.substring(at + 1, end))) {
        return Taint.SECRET;
      }
    }
    return 0;
  }

  private boolean urls(String program, Arguments arguments, int taint, boolean sends) {
    boolean reached = false;
    boolean named = false;
    for (Value value : arguments.values(URL)) {
      reached |= url(value, taint, sends);
      named = true;
    }
    for (Value value : arguments.values(PROXIES)) {
      reached |= program.equals("curl") && url(value, taint, sends);
    }
    for (Value operand : arguments.operands()) {
      boolean address = operand.text().contains("://");
      boolean first = !named && !isMethod(operand.text()) && !isItem(operand);
      if (address || first) {
        reached |= url(operand, taint, sends);
        named = true;
      }
    }
    return reached;
  }

  private static boolean isMethod(String text) {
    return text.length() > 2 && text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
  }

  private boolean url(Value value, int taint, boolean sends) {
    boolean reached = false;
    for (String text : value.texts()) {
      boolean elsewhere = !text.startsWith("file:") && !text.startsWith("data:");
      reached |= elsewhere && connect(Hosts.ofUrl(text), taint | value.taint(), sends);
    }
    return reached;
  }

  private boolean host(String program, Arguments arguments, int taint, boolean sends) {
    boolean reached = false;
    for (Value operand : arguments.operands().stream().limit(1).toList()) {
      String text = operand.text();
      String host = text.contains("://") ? Hosts.ofUrl(text) : text;
      host = host.substring(host.lastIndexOf('@') + 1);
      host = program.equals("sftp") ? host.split(":", 2)[0] : host;
      reached |= connect(host, taint, sends);
    }
    return reached;
  }

  private boolean socat(Arguments arguments, int taint) {
    boolean reached = false;
    for (Value operand : arguments.operands()) {
      String text = operand.text();
      String upper = text.toUpperCase(Locale.ROOT);
      for (String prefix : SOCAT) {
        if (upper.startsWith(prefix)) {
          String rest = text.substring(prefix.length()).split(",", 2)[0];
          reached |= connect(Hosts.withoutPort(rest), taint, true);
        }
      }
    }
    return reached;
  }

  private void names(int skip, Arguments arguments, int taint) {
    arguments.operands().stream()
        .skip(skip)
        .filter(o -> !o.text().startsWith("@") && !o.text().startsWith("+"))
        .filter(o -> !DNS_TYPES.contains(o.text().toUpperCase(Locale.ROOT)))
        .limit(8)
        .forEach(o -> name(o, taint));
  }

  private void name(Value operand, int taint) {
    String name = operand.text();
    boolean address = name.chars().allMatch(c -> c == '.' || c == ':' || isHexDigit(c));
    if (address || !name.contains(".") || Hosts.kind(name) == Hosts.Kind.LOCAL) {
      return;
    }
    found.act(ActName.DNS_QUERY, name);
    carried(name, taint | operand.taint());
  }

  private static boolean isHexDigit(int c) {
    return Character.digit(c, 16) >= 0;
  }

  /** Whether {@code operand} is on another machine: {@code host:path}. */
  boolean isRemote(String operand) {
    int colon = operand.indexOf(':');
    int slash = operand.indexOf('/');
    return operand.startsWith("rsync://")
        || operand.startsWith("scp://")
        || operand.startsWith("sftp://")
        || (colon > 1 && (slash < 0 || colon < slash) && !operand.contains("://"));
  }

  void remote(String operand, int taint, boolean sends) {
    String host =
        operand.contains("://")
            ? Hosts.ofUrl(operand)
            : operand.substring(
                operand.lastIndexOf('@', operand.indexOf(':')) + 1, operand.indexOf(':'));
    boolean _ = connect(host, taint, sends);
  }

  /** A connection; whether it leaves this machine. */
  boolean connect(String host, int taint, boolean sends) {
    if (host.isEmpty()) {
      return false;
    }
    switch (Hosts.kind(host)) {
      case LOCAL -> {
        return false;
      }
      case METADATA -> {
        found.act(ActName.READS_INSTANCE_METADATA, host);
        found.host(host);
        return true;
      }
      case DROP -> {
        if (sends) {
          found.act(ActName.PUBLIC_WRITE, host);
        }
      }
      case OTHER -> {}
    }
    if (host.indexOf('$') < 0) {
      found.host(host);
    }
    found.act(ActName.EGRESS, host);
    if (sends) {
      found.act(ActName.UPLOADS, host);
    }
    carried(host, taint);
    return true;
  }

  private void carried(String host, int taint) {
    if ((taint & Taint.SECRET) != 0) {
      found.act(ActName.SECRET_TO_EGRESS, host);
    }
    if ((taint & Taint.ENCODED) != 0) {
      found.act(ActName.ENCODED_TO_EGRESS, host);
    }
    if (Hosts.carriesData(host)) {
      found.act(ActName.DATA_IN_DNS_NAME, host);
    }
  }
}
