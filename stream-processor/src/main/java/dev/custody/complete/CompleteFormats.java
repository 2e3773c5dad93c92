package dev.custody.complete;

import dev.custody.wire.RecordFormat;

/** Records that lie in the stores of this package. They may change with any release. */
public final class CompleteFormats {
  /** Of a session. */
  public static final RecordFormat<SessionCoverage> SESSION =
      RecordFormat.of(SessionCoverage.class, CompleteFormats.class, "session-coverage.avsc");

  /** Of a tool call. */
  public static final RecordFormat<CallWitness> CALL =
      RecordFormat.of(CallWitness.class, CompleteFormats.class, "call-witness.avsc");

  /** Of a prompt. */
  public static final RecordFormat<PromptUse> PROMPT =
      RecordFormat.of(PromptUse.class, CompleteFormats.class, "prompt-use.avsc");

  /** Of a collector's chain. */
  public static final RecordFormat<ChainPulse> CHAIN =
      RecordFormat.of(ChainPulse.class, CompleteFormats.class, "chain-pulse.avsc");

  private CompleteFormats() {}
}
