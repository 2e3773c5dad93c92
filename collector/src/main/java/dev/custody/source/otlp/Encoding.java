package dev.custody.source.otlp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a request, and its answer, is written. */
public enum Encoding {
  JSON("application/json"),
  PROTOBUF("application/x-protobuf");

  private final String contentType;

  Encoding(String contentType) {
    this.contentType = contentType;
  }

  /** Its media type. */
  public String contentType() {
    return contentType;
  }

  /** The encoding that a {@code Content-Type} names, parameters aside; null for any other. */
  public static @Nullable Encoding of(String contentType) {
    int end = contentType.indexOf(';');
    String type = (end < 0 ? contentType : contentType.substring(0, end)).strip();
    for (Encoding encoding : values()) {
      if (encoding.contentType.equals(type.toLowerCase(Locale.ROOT))) {
        return encoding;
      }
    }
    return null;
  }
}
