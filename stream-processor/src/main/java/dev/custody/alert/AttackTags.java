package dev.custody.alert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a rule's tags into OCSF {@code attacks}: ATT&amp;CK by {@code attack.tNNNN[.NNN]}, ATLAS by
 * {@code atlas.aml.tNNNN[.NNN]}.
 */
final class AttackTags {
  private static final Pattern TECHNIQUE =
      Pattern.compile("(?:attack|atlas)\\.((?:aml\\.)?t\\d{4})(\\.\\d{3})?");

  private AttackTags() {}

  static void write(List<String> tags, ObjectNode info) {
    ArrayNode attacks = info.arrayNode();
    for (String tag : tags) {
      Matcher technique = TECHNIQUE.matcher(tag);
      if (technique.matches()) {
        String uid = technique.group(1).toUpperCase(Locale.ROOT);
        ObjectNode attack = attacks.addObject();
        attack.putObject("technique").put("uid", uid);
        if (technique.group(2) != null) {
          attack.putObject("sub_technique").put("uid", uid + technique.group(2));
        }
      }
    }
    if (!attacks.isEmpty()) {
      info.set("attacks", attacks);
    }
  }
}
