package dev.custody.mcp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads in passing the few members of a JSON-RPC message that decide what happens to it, in
 * constant memory and whatever the bytes are: no message is too long, too deep or too broken. What
 * it finds of a broken message is a guess; the collector reads strictly.
 */
final class Skim {
  /** Longest name or value that is looked at, in bytes. */
  private static final int LONGEST = 256;

  /** Names of what encloses a value are known down to here. */
  private static final int DEEPEST = 5;

  private static final String CALL = "tools/call";

  private final byte[] token = new byte[LONGEST];
  private int length;
  private boolean tooLong;
  private boolean inString;
  private int escape;
  private int unicode;
  private boolean inScalar;

  private int depth;
  private boolean batch;
  private final @Nullable String[] nameAt = new @Nullable String[DEEPEST];
  private @Nullable String last;
  private @Nullable String name;

  private @Nullable String id;
  private boolean textId;
  private @Nullable String method;
  private @Nullable String tool;
  private boolean failed;
  private boolean error;
  private boolean call;
  private boolean any;

  /** Takes the next bytes of the message. */
  void take(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      take(bytes[i]);
    }
  }

  /**
   * Whether any message in it may call a tool: {@code "method": "tools/call"} stands anywhere in
   * it.
   */
  boolean callsTool() {
    return call;
  }

  /** Whether it is one message of which at least the id or the method is known. */
  boolean isMessage() {
    return any && !batch && (id != null || method != null);
  }

  boolean isBatch() {
    return batch;
  }

  @Nullable String id() {
    return id;
  }

  boolean hasTextId() {
    return textId;
  }

  @Nullable String method() {
    return method;
  }

  /** The tool that is called. */
  @Nullable String tool() {
    return tool;
  }

  boolean isError() {
    return error;
  }

  /** Whether the result says of itself that it is a failure. */
  boolean hasFailed() {
    return failed;
  }

  private void take(byte b) {
    if (inString) {
      string(b);
      return;
    }
    if (inScalar && isDelimiter(b)) {
      inScalar = false;
      value(text(), false);
    }
    switch (b) {
      case '"' -> {
        inString = true;
        length = 0;
        tooLong = false;
      }
      case '{', '[' -> open(b == '{');
      case '}', ']' -> close();
      case ':' -> name = last;
      case ',' -> {
        name = null;
        last = null;
      }
      case ' ', '\t', '\r', '\n' -> {}
      default -> {
        if (!inScalar) {
          inScalar = true;
          length = 0;
          tooLong = false;
        }
        add(b);
      }
    }
  }

  private static boolean isDelimiter(byte b) {
    return switch (b) {
      case '"', '{', '[', '}', ']', ':', ',', ' ', '\t', '\r', '\n' -> true;
      default -> false;
    };
  }

  private void string(byte b) {
    if (escape == 1) {
      escape = 0;
      switch (b) {
        case 'n' -> add((byte) '\n');
        case 't' -> add((byte) '\t');
        case 'r' -> add((byte) '\r');
        case 'b' -> add((byte) '\b');
        case 'f' -> add((byte) '\f');
        case 'u' -> {
          escape = 2;
          unicode = 0;
        }
        default -> add(b);
      }
    } else if (escape > 1) {
      unicode = (unicode << 4) | (Character.digit(b, 16) & 0xf);
      escape = escape == 5 ? 0 : escape + 1;
      if (escape == 0) {
        // Beyond ASCII no name or value is compared with anything.
        add(unicode < 128 ? (byte) unicode : (byte) '?');
      }
    } else if (b == '\\') {
      escape = 1;
    } else if (b == '"') {
      inString = false;
      stringEnds();
    } else if (b == '\r') {
      // No JSON, and the end of a line to some readers: what follows may be a message.
      inString = false;
    } else {
      add(b);
    }
  }

  private void add(byte b) {
    if (length < LONGEST) {
      token[length++] = b;
    } else {
      tooLong = true;
    }
  }

  private @Nullable String text() {
    return tooLong ? null : new String(token, 0, length, StandardCharsets.UTF_8);
  }

  private void stringEnds() {
    if (name == null) {
      last = tooLong ? "" : text();
    } else {
      value(text(), true);
    }
  }

  private void open(boolean object) {
    if (depth == 0) {
      batch = !object;
    }
    error |= depth == top() && "error".equals(name);
    depth++;
    if (depth < DEEPEST) {
      nameAt[depth] = name;
    }
    name = null;
    last = null;
  }

  private void close() {
    depth = Math.max(0, depth - 1);
    name = null;
    last = null;
  }

  private int top() {
    return batch ? 2 : 1;
  }

  private void value(@Nullable String text, boolean quoted) {
    String of = name;
    name = null;
    last = null;
    if (of == null) {
      return;
    }
    call |= quoted && of.equals("method") && CALL.equals(text);
    if (depth == top()) {
      member(of, text, quoted);
    } else if (depth == top() + 1 && "params".equals(nameAt[depth]) && of.equals("name")) {
      tool = text;
    } else if (depth == top() + 1 && "result".equals(nameAt[depth]) && of.equals("isError")) {
      failed = "true".equals(text);
    }
  }

  private void member(String member, @Nullable String text, boolean quoted) {
    any = true;
    switch (member) {
      case "id" -> {
        id = text;
        textId = quoted;
      }
      case "method" -> method = text;
      default -> {}
    }
  }

  /** Begins anew with the next message. */
  void reset() {
    inString = false;
    inScalar = false;
    escape = 0;
    depth = 0;
    batch = false;
    Arrays.fill(nameAt, null);
    name = null;
    last = null;
    id = null;
    textId = false;
    method = null;
    tool = null;
    failed = false;
    error = false;
    call = false;
    any = false;
  }
}
