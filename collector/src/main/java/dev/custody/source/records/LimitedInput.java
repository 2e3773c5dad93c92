package dev.custody.source.records;

import java.io.IOException;
import java.io.InputStream;

/** The first so many bytes of another stream; closes nothing. */
final class LimitedInput extends InputStream {
  private final InputStream in;
  private int left;

  LimitedInput(InputStream in, int most) {
    this.in = in;
    this.left = most;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(bytes, from, Math.min(length, left));
    left -= Math.max(0, count);
    return count;
  }
}
