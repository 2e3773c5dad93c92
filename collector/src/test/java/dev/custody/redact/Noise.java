package dev.custody.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random surroundings, made of what may lead a scanner astray. */
final class Noise {
  private static final List<String> PIECES =
      List.of(
          "password",
          "token",
          "secret: ",
          "api_key=",
          "\"",
          "'",
          "`",
          "\\",
          "\\n",
          "\\\"",
          ":",
          "=",
          "://",
          "a:b@",
          "https://",
          "user:",
          "@host",
          "--",
          "--token ",
          "-----BEGIN ",
          "-----END ",
          "[redacted:jwt:0123]",
          "[redacted:",
          "eyJ",
          "ghp_",
          "sk-",
          "AKIAHARNESSFAKE00001",
          "SG.",
          "Bearer ",
          "Authorization: ",
          "$",
          "${X}",
          "<",
          ">",
          "<password>",
          "{",
          "}",
          "[",
          "]",
          "(",
          ")",
          ",",
          ";",
          "&",
          "?",
          "#",
          "/",
          " ",
          "\n",
          "\t",
          "é",
          "\u001b[31m",
          "%3D",
          "x",
          "hello",
          "0",
          "42",
          "toolu_01",
          "arn:aws:s3:::b",
          "process.env.",
          "define('TOKEN', ",
          ":5432:",
          ":*:db:",
          "%22",
          "%253A",
          "&quot;",
          "&amp;",
          "\\u003d",
          "\u001b[0m",
          "\\u001b[1;31m",
          "machine a login b password ",
          "curl ",
          " -u ",
          "mysql -p",
          "docker login -p ",
          "kind: Secret\n",
          "data:\n  ",
          "stringData: {",
          "name: TOKEN\n  value: ",
          "{+",
          "+}",
          "[-",
          "-]",
          "IDENTIFIED BY 'x1y2z3';",
          "jdbc:oracle:thin:a/",
          "Cookie: a=",
          "Set-Cookie: ",
          "the key is ",
          "U2VjcmV0OiBwYXNzd29yZD1odW50ZXIyMg==",
          ".atlasv1.",
          "-us1",
          ":AA",
          "+ACR");
  private static final List<String> SEPARATORS = List.of(" ", "\n", "\t", "  ");
  private static final List<String> KEYS =
      List.of(
          "stdout",
          "content",
          "tool_input",
          "password",
          "value",
          "key",
          "a/b~c",
          "max_tokens",
          "é");

  private final RandomGenerator random;

  Noise(RandomGenerator random) {
    this.random = random;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(14); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  String separator() {
    return SEPARATORS.get(random.nextInt(SEPARATORS.size()));
  }

  /** A tree with the text somewhere inside, as a value or as a key. */
  JsonNode tree(String text) {
    JsonNode tree = JsonNodeFactory.instance.textNode(text);
    for (int depth = random.nextInt(1, 5); depth > 0; depth--) {
      tree = random.nextInt(4) == 0 ? array(tree) : object(tree);
    }
    return tree;
  }

  private ArrayNode array(JsonNode inner) {
    return JsonNodeFactory.instance.arrayNode().add(text()).add(inner).add(random.nextInt());
  }

  private ObjectNode object(JsonNode inner) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put(text(), random.nextBoolean()).put(KEYS.get(random.nextInt(KEYS.size())), text());
    if (inner.isTextual() && random.nextInt(4) == 0) {
      object.put(inner.textValue(), 1);
    } else {
      object.set(KEYS.get(random.nextInt(KEYS.size())), inner);
    }
    return object;
  }
}
