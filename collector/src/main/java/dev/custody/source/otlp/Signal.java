package dev.custody.source.otlp;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

/** What is sent. */
public enum Signal {
  LOGS("/v1/logs", ExportLogsServiceRequest.getDefaultInstance()),
  TRACES("/v1/traces", ExportTraceServiceRequest.getDefaultInstance()),
  /** Checked, acknowledged and not recorded: a sum of what the records tell one by one. */
  METRICS("/v1/metrics", ExportMetricsServiceRequest.getDefaultInstance());

  private final String path;
  private final Message request;

  Signal(String path, Message request) {
    this.path = path;
    this.request = request;
  }

  /** Where it is sent to. */
  public String path() {
    return path;
  }

  /** An empty request of it. */
  Message request() {
    return request;
  }
}
