package dev.custody.hook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Settings files as people leave them: odd spaces, odd names, any line ends. */
final class OddJson {
  private static final List<String> NAMES =
      List.of(
          "permissions",
          "model",
          "héllo wörld",
          "日本語",
          "a\\\"b",
          "x.y/z~0",
          "",
          "\\u0041",
          "😀",
          "env2",
          "status Line");

  private static final List<String> SCALARS =
      List.of(
          "1",
          "-0.0",
          "1E400",
          "12345678901234567890123",
          "true",
          "false",
          "null",
          "\"\"",
          "\"a, b: {c} [d] \\\\\"",
          "\"// no comment\"",
          "\"/* none */\"",
          "\"\\u00e9\\n\"",
          "\"日本\"");

  private final Random random;
  private final boolean comments;
  private final String newline;

  OddJson(Random random, boolean comments) {
    this.random = random;
    this.comments = comments;
    this.newline = random.nextInt(4) == 0 ? "\r\n" : "\n";
  }

  String file() {
    List<String> members = new ArrayList<>();
    List<String> names = new ArrayList<>(NAMES);
    Collections.shuffle(names, random);
    for (String name : names.subList(0, random.nextInt(5))) {
      members.add(member(name, value(3)));
    }
    if (random.nextBoolean()) {
      members.add(member("hooks", hooks()));
    }
    if (random.nextInt(3) == 0) {
      members.add(
          member(
              "env",
              random.nextBoolean()
                  ? "{" + gap() + "}"
                  : "{" + gap() + member("MINE", "\"1\"") + gap() + "}"));
    }
    Collections.shuffle(members, random);
    return gap() + "{" + joined(members) + "}" + (random.nextBoolean() ? newline : "");
  }

  private String hooks() {
    List<String> events = new ArrayList<>();
    for (String event : List.of("PreToolUse", "Stop", "SessionStart", "BeforeTool")) {
      if (random.nextBoolean()) {
        List<String> groups = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 1; i--) {
          groups.add(
              "{"
                  + joined(
                      List.of(
                          member("matcher", "\"Bash|Edit\""),
                          member(
                              "hooks",
                              "["
                                  + gap()
                                  + "{\"type\": \"command\",\"command\":\"mine.sh "
                                  + i
                                  + "\"}"
                                  + gap()
                                  + "]")))
                  + "}");
        }
        events.add(member(event, "[" + joined(groups) + "]"));
      }
    }
    return "{" + joined(events) + "}";
  }

  private String value(int depth) {
    int kind = random.nextInt(depth == 0 ? 1 : 3);
    if (kind == 0) {
      return SCALARS.get(random.nextInt(SCALARS.size()));
    }
    List<String> items = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(kind == 1 ? value(depth - 1) : member(NAMES.get(i), value(depth - 1)));
    }
    return kind == 1 ? "[" + joined(items) + "]" : "{" + joined(items) + "}";
  }

  private String member(String name, String value) {
    return "\"" + name + "\"" + gap() + ":" + gap() + value;
  }

  private String joined(List<String> items) {
    StringBuilder out = new StringBuilder(gap());
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : "," + gap()).append(items.get(i)).append(gap());
    }
    return out.toString();
  }

  private String gap() {
    return switch (random.nextInt(comments ? 9 : 7)) {
      case 0, 1 -> "";
      case 2 -> " ";
      case 3 -> newline + "  ";
      case 4 -> newline + "\t\t";
      case 5 -> newline;
      case 6 -> "   ";
      case 7 -> " // note: \"{[, it's" + newline;
      default -> "/* a, { \" */";
    };
  }
}
