package dev.custody.source.git;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SignatureException;

/** Reads what SSH writes (RFC 4251, 5): every part says how long it is. */
final class SshReader {
  private final ByteBuffer bytes;

  SshReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  byte[] part() throws SignatureException {
    long length = bytes.remaining() < Integer.BYTES ? Long.MAX_VALUE : number();
    if (length > bytes.remaining()) {
      throw new SignatureException("a part is longer than what holds it");
    }
    byte[] part = new byte[(int) length];
    bytes.get(part);
    return part;
  }

  String text() throws SignatureException {
    return new String(part(), StandardCharsets.ISO_8859_1);
  }

  /** An integer that isn't negative. */
  BigInteger integer() throws SignatureException {
    byte[] part = part();
    if (part.length == 0) {
      return BigInteger.ZERO;
    }
    BigInteger value = new BigInteger(part);
    if (value.signum() < 0) {
      throw new SignatureException("a number is negative");
    }
    return value;
  }

  long number() throws SignatureException {
    if (bytes.remaining() < Integer.BYTES) {
      throw new SignatureException("expected a number, found the end");
    }
    return Integer.toUnsignedLong(bytes.getInt());
  }

  /** The next bytes as they are. */
  byte[] raw(int length) throws SignatureException {
    if (length > bytes.remaining()) {
      throw new SignatureException("expected more, found the end");
    }
    byte[] raw = new byte[length];
    bytes.get(raw);
    return raw;
  }

  void end() throws SignatureException {
    if (bytes.hasRemaining()) {
      throw new SignatureException("expected the end, found more");
    }
  }
}
