package dev.custody.sts;

import com.sun.net.httpserver.Headers;
import dev.custody.digest.Bytes;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A request with a Signature Version 4 (AWS, "Create a signed AWS API request"), verified as the
 * service does.
 *
 * @param method HTTP method
 * @param uri as sent
 * @param headers all headers
 * @param body whole body
 */
record SignedRequest(String method, URI uri, Headers headers, Bytes body) {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([a-z0-9-]+)/sts/aws4_request,\\s*"
              + "SignedHeaders=([a-z0-9;-]+),\\s*Signature=([0-9a-f]{64})");

  private Matcher authorization() {
    Matcher matcher = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no Signature Version 4 for sts");
    }
    return matcher;
  }

  /** The key that it claims to be signed with. */
  String accessKeyId() {
    return authorization().group(1);
  }

  String region() {
    return authorization().group(3);
  }

  /** Whether it is signed with {@code secret}, all that must be signed included. */
  boolean isSignedWith(String secret) {
    Matcher parts = authorization();
    List<String> signed = List.of(parts.group(4).split(";"));
    boolean complete =
        signed.contains("host")
            && signed.contains("x-amz-date")
            && (!headers.containsKey("X-Amz-Security-Token")
                || signed.contains("x-amz-security-token"));
    String date = String.valueOf(headers.getFirst("X-Amz-Date"));
    String scope = "%s/%s/sts/aws4_request".formatted(parts.group(2), parts.group(3));
    String text =
        String.join("\n", "AWS4-HMAC-SHA256", date, scope, hex(sha256(canonical(signed))));
    byte[] key = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), parts.group(2));
    key = hmac(hmac(hmac(key, parts.group(3)), "sts"), "aws4_request");
    return complete
        && date.startsWith(parts.group(2))
        && MessageDigest.isEqual(
            hex(hmac(key, text)).getBytes(StandardCharsets.US_ASCII),
            parts.group(5).getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] canonical(List<String> signed) {
    StringBuilder text = new StringBuilder(method).append('\n');
    text.append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath()).append('\n');
    text.append(uri.getRawQuery() == null ? "" : uri.getRawQuery()).append('\n');
    for (String name : signed) {
      List<String> values = headers.getOrDefault(name, List.of());
      text.append(name).append(':');
      text.append(String.join(",", values.stream().map(SignedRequest::trimmed).toList()));
      text.append('\n');
    }
    text.append('\n')
        .append(String.join(";", signed))
        .append('\n')
        .append(hex(sha256(body.toByteArray())));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String trimmed(String value) {
    return value.strip().replaceAll(" +", " ");
  }

  /** The form that the body is. */
  Map<String, String> form() {
    Map<String, String> form = new TreeMap<>();
    for (String pair : body.utf8().split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return form;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  String userAgent() {
    String agent = headers.getFirst("User-Agent");
    return agent == null ? "" : agent;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
