package dev.custody.delegations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** How the book notes a delegation: {@code {id, token, certificate, parents, recordedAt}}. */
record GrantNote(Body.DelegationGranted granted, Instant recordedAt) {
  private static final ObjectMapper JSON = new ObjectMapper();

  byte[] toBytes() {
    ObjectNode note = JSON.createObjectNode();
    note.put("id", granted.id());
    note.put("token", granted.token());
    note.put("certificate", base64(granted.certificate()));
    note.put("recordedAt", recordedAt.toString());
    ArrayNode parents = note.putArray("parents");
    for (Body.Hop hop : granted.parents()) {
      parents.addObject().put("token", hop.token()).put("certificate", base64(hop.certificate()));
    }
    return note.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a note.
   *
   * @throws IllegalArgumentException when it is none
   */
  static GrantNote read(byte[] bytes) {
    try {
      JsonNode note = JSON.readTree(bytes);
      List<Body.Hop> parents = new ArrayList<>();
      for (JsonNode hop : note.path("parents")) {
        parents.add(new Body.Hop(text(hop, "token"), bytes(hop, "certificate")));
      }
      return new GrantNote(
          new Body.DelegationGranted(
              text(note, "id"), text(note, "token"), bytes(note, "certificate"), parents),
          Instant.parse(text(note, "recordedAt")));
    } catch (IOException | DateTimeException e) {
      throw new IllegalArgumentException("not the note of a delegation", e);
    }
  }

  static byte[] writeRevoked(DelegationBook.Revoked revoked) {
    return JSON.createObjectNode()
        .put("id", revoked.id())
        .put("human", revoked.human())
        .put("at", revoked.at().toString())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the note of a revocation.
   *
   * @throws IllegalArgumentException when it is none
   */
  static DelegationBook.Revoked readRevoked(byte[] bytes) {
    try {
      JsonNode note = JSON.readTree(bytes);
      return new DelegationBook.Revoked(
          note.path("id").asText(""), text(note, "human"), Instant.parse(text(note, "at")));
    } catch (IOException | DateTimeException e) {
      throw new IllegalArgumentException("not the note of a revocation", e);
    }
  }

  static byte[] writeTime(Instant at) {
    return at.toString().getBytes(StandardCharsets.UTF_8);
  }

  // A time that cannot be read is one long ago: what ended must not come to life.
  static Instant readTime(byte[] note) {
    try {
      return Instant.parse(new String(note, StandardCharsets.UTF_8));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static Bytes bytes(JsonNode note, String field) {
    return new Bytes(Base64.getDecoder().decode(text(note, field)));
  }

  private static String text(JsonNode note, String field) {
    String text = note.path(field).textValue();
    if (text == null) {
      throw new IllegalArgumentException("the note of a delegation without " + field);
    }
    return text;
  }
}
