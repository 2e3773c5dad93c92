package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.custody.digest.Bytes;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Bodies of answers, each in the encoding of its request. */
public final class OtlpAnswer {
  /** Codes of {@code google.rpc.Status}. */
  private static final int INVALID_ARGUMENT = 3;

  private static final int UNAVAILABLE = 14;
  private static final int CODE = 1;
  private static final int MESSAGE = 2;

  private OtlpAnswer() {}

  /**
   * The answer to a request that was taken.
   *
   * @param refused records that were not
   * @param why why not; null when all were
   */
  public static Bytes taken(Signal signal, Encoding encoding, int refused, @Nullable String why) {
    String message = why == null ? "" : why;
    return encoding == Encoding.JSON
        ? json(signal, refused, message)
        : new Bytes(message(signal, refused, message).toByteArray());
  }

  private static Bytes json(Signal signal, int refused, String message) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (refused > 0) {
      String counter =
          switch (signal) {
            case LOGS -> "rejectedLogRecords";
            case TRACES -> "rejectedSpans";
            case METRICS -> "rejectedDataPoints";
          };
      // A 64-bit integer is a string in protobuf's JSON.
      answer
          .putObject("partialSuccess")
          .put(counter, Integer.toString(refused))
          .put("errorMessage", message);
    }
    return Bytes.utf8(answer.toString());
  }

  private static MessageLite message(Signal signal, int refused, String message) {
    return switch (signal) {
      case LOGS -> {
        ExportLogsServiceResponse.Builder answer = ExportLogsServiceResponse.newBuilder();
        if (refused > 0) {
          answer.getPartialSuccessBuilder().setRejectedLogRecords(refused).setErrorMessage(message);
        }
        yield answer.build();
      }
      case TRACES -> {
        ExportTraceServiceResponse.Builder answer = ExportTraceServiceResponse.newBuilder();
        if (refused > 0) {
          answer.getPartialSuccessBuilder().setRejectedSpans(refused).setErrorMessage(message);
        }
        yield answer.build();
      }
      case METRICS -> ExportMetricsServiceResponse.getDefaultInstance();
    };
  }

  /** A {@code google.rpc.Status}: the answer to a request that was not taken. */
  public static Bytes failed(Encoding encoding, int status, String message) {
    int code = status == 503 ? UNAVAILABLE : INVALID_ARGUMENT;
    if (encoding == Encoding.JSON) {
      return Bytes.utf8(
          JsonNodeFactory.instance
              .objectNode()
              .put("code", code)
              .put("message", message)
              .toString());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeInt32(CODE, code);
      out.writeString(MESSAGE, message);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return new Bytes(bytes.toByteArray());
  }
}
