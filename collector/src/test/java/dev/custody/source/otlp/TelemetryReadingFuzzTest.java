package dev.custody.source.otlp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.capture.BadInputException;
import dev.custody.fuzz.Written;

class TelemetryReadingFuzzTest {
  @FuzzTest
  void logsInJsonAreTakenOrRefused(byte[] bytes) throws Exception {
    take(Signal.LOGS, Encoding.JSON, bytes);
  }

  @FuzzTest
  void tracesInJsonAreTakenOrRefused(byte[] bytes) throws Exception {
    take(Signal.TRACES, Encoding.JSON, bytes);
  }

  @FuzzTest
  void logsInProtobufAreTakenOrRefused(byte[] bytes) throws Exception {
    take(Signal.LOGS, Encoding.PROTOBUF, bytes);
  }

  @FuzzTest
  void tracesInProtobufAreTakenOrRefused(byte[] bytes) throws Exception {
    take(Signal.TRACES, Encoding.PROTOBUF, bytes);
  }

  private static void take(Signal signal, Encoding encoding, byte[] bytes) throws Exception {
    Intake intake = new Intake();
    try {
      var _ = intake.take(new Recordings.Request("fuzz", signal, encoding, bytes));
    } catch (BadInputException | TooMuchException refused) {
      return;
    }
    Written.allReadBack(intake.events);
  }
}
