package dev.custody.event;

/** What came of it. */
public enum Outcome {
  UNKNOWN,
  SUCCESS,
  FAILURE,
  DENIED
}
