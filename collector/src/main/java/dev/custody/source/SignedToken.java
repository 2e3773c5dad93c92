package dev.custody.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.digest.Bytes;
import java.io.IOException;
import java.util.Base64;

/**
 * A statement as it is handed in: {@code {"token": JWT, "certificate": BASE64}}. Nothing of it is
 * verified.
 *
 * @param token a JSON Web Token
 * @param certificate signed certificate of the key that signed it
 */
public record SignedToken(String token, Bytes certificate) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final String TOKEN = "token";
  private static final String CERTIFICATE = "certificate";

  /**
   * The JSON that is all of {@code body}, in which no member stands twice.
   *
   * @throws BadInputException when it is none
   */
  public static JsonNode read(byte[] body) throws BadInputException {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      // Jackson's own message would show what was sent.
      throw new BadInputException("expected JSON {token, certificate}, found no JSON");
    }
  }

  /**
   * Parses JSON of the form above, without another member.
   *
   * @throws BadInputException when it has another form
   */
  public static SignedToken parse(byte[] body) throws BadInputException {
    JsonNode request = read(body);
    if (!request.isObject() || request.size() != 2) {
      throw new BadInputException("expected an object of token and certificate, found another");
    }
    return of(request);
  }

  /**
   * The two members of {@code object}, whatever else it has.
   *
   * @throws BadInputException when one is missing or has another form
   */
  public static SignedToken of(JsonNode object) throws BadInputException {
    return new SignedToken(text(object, TOKEN), decode(text(object, CERTIFICATE)));
  }

  private static String text(JsonNode object, String member) throws BadInputException {
    JsonNode value = object.path(member);
    if (!value.isTextual()) {
      throw new BadInputException("expected a string " + member + ", found " + value.getNodeType());
    }
    return value.textValue();
  }

  private static Bytes decode(String base64) throws BadInputException {
    try {
      byte[] decoded = Base64.getDecoder().decode(base64);
      if (Base64.getEncoder().encodeToString(decoded).equals(base64)) {
        return new Bytes(decoded);
      }
      throw new BadInputException("expected a certificate in canonical base64");
    } catch (IllegalArgumentException e) {
      throw new BadInputException("expected a certificate in base64");
    }
  }

  /** As JSON, what {@link #parse} reads. */
  public ObjectNode toJson() {
    return addTo(JSON.createObjectNode());
  }

  /** Adds the two members to {@code object}. */
  public ObjectNode addTo(ObjectNode object) {
    return object.put(TOKEN, token).put(CERTIFICATE, certificate.base64());
  }
}
