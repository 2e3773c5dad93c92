package dev.custody.sigma;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code cidr} (modifiers appendix, "IP Modifiers"): the value is an IPv4 or IPv6 address in the
 * range. An IPv4 address mapped into IPv6 is the IPv4 address. Names are never looked up.
 */
public final class AddressRange implements ValueTest {
  private static final int LONGEST = 45;

  private final byte[] network;
  private final int prefix;

  private AddressRange(byte[] network, int prefix) {
    this.network = network;
    this.prefix = prefix;
  }

  /** Reads {@code 10.0.0.0/8} or one address; the message of the exception says what is wrong. */
  static AddressRange parse(String range) {
    int slash = range.indexOf('/');
    byte @Nullable [] network = address(slash < 0 ? range : range.substring(0, slash));
    if (network == null) {
      throw new IllegalArgumentException(
          "'" + range + "' is not an address range such as 10.0.0.0/8 or 2001:db8::/32");
    }
    int prefix = slash < 0 ? network.length * 8 : length(range.substring(slash + 1));
    if (prefix < 0 || prefix > network.length * 8) {
      throw new IllegalArgumentException(
          "'" + range + "' has no prefix length from 0 to " + network.length * 8);
    }
    if (!Arrays.equals(network, masked(network, prefix))) {
      throw new IllegalArgumentException(
          "'" + range + "' has bits set beyond its prefix of " + prefix);
    }
    return new AddressRange(network, prefix);
  }

  private static int length(String digits) {
    return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
  }

  private static byte[] masked(byte[] address, int prefix) {
    byte[] masked = new byte[address.length];
    for (int i = 0; i < address.length; i++) {
      masked[i] = (byte) (address[i] & mask(prefix - 8 * i));
    }
    return masked;
  }

  private static int mask(int bits) {
    return bits >= 8 ? 0xff : bits <= 0 ? 0 : 0xff << (8 - bits);
  }

  @Override
  public boolean test(String value, String folded) {
    byte @Nullable [] address = address(value);
    return address != null
        && address.length == network.length
        && Arrays.equals(network, masked(address, prefix));
  }

  /** Whether {@code text} is an IPv4 address of four numbers or an IPv6 address, and no name. */
  public static boolean isAddress(String text) {
    return address(text) != null;
  }

  private static byte @Nullable [] address(String text) {
    if (text.isEmpty() || text.length() > LONGEST || !isLiteral(text)) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text).getAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return null;
    }
  }

  // Keeps out host names, scopes, and the short forms of IPv4 ("10.1") that only Java reads.
  private static boolean isLiteral(String text) {
    boolean six = text.indexOf(':') >= 0;
    int dots = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      dots += c == '.' ? 1 : 0;
      if (c != '.' && c != ':' && Character.digit(c, six ? 16 : 10) < 0) {
        return false;
      }
    }
    return six || dots == 3;
  }
}
