package dev.custody.accuracy.play;

import dev.custody.source.otlp.Signal;
import java.io.IOException;
import java.time.Instant;

/** A machine's collector, as its agents and its administrator meet it. */
interface Station extends AutoCloseable {
  /** Its clock shows this from now on. */
  void set(Instant time);

  /** An agent's hook speaks. */
  void hook(byte[] body) throws IOException, InterruptedException;

  /** An agent exports telemetry: a body of OTLP/HTTP in JSON. */
  void telemetry(Signal signal, byte[] body) throws IOException, InterruptedException;

  /** The tag that a session's environment gives it. */
  String tag(String session) throws IOException, InterruptedException;

  /** A human signs a delegation and hands it in. */
  void grant(String human, String delegation) throws IOException, InterruptedException;

  /** A credential for a session, as the broker prints it. */
  byte[] credential(String session) throws IOException, InterruptedException;

  /** CloudTrail records, one a line. */
  void trail(byte[] lines) throws IOException, InterruptedException;

  /** It looks at the repositories that it knows. */
  void look();

  @Override
  void close();
}
