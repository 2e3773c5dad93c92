package dev.custody.topology;

import static dev.custody.topology.World.at;
import static dev.custody.topology.World.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.alert.FindingSchema;
import dev.custody.digest.Bytes;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of finding, told in every way, is a valid OCSF 1.8.0 Detection Finding. */
class OcsfFindingsTest {
  private static final String BUCKET = "arn:aws:s3:::acme-prod-builds";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  /** Created, updated and closed findings of agents, and those of chains. */
  private List<JsonNode> told() throws Exception {
    World world = new World(directory.resolve("org"));
    World.Collector laptop = world.collector();
    World.Collector importer = world.collector();
    laptop.grant("dlg-reading", "dana@example.test", "s3:Get*", at(-600), at(3600), at(1));
    World.Session session = laptop.session("one");
    session.requested(at(30.1), "call-a", "docker compose config");
    session.revealing(at(30.2), "call-a", "docker compose config", key(World.KEY));
    session.requested(at(30.4), "call-b", "aws s3 rb s3://acme-prod-builds --force");
    session.completed(at(32), "call-b", "aws s3 rb s3://acme-prod-builds --force", "gone");
    Identifier address = new Identifier(IdentifierKind.SOURCE_ADDRESS, "198.51.100.7");
    Identifier service = new Identifier(IdentifierKind.SOURCE_ADDRESS, "s3.amazonaws.com");
    importer.cloudCall(at(31), at(900), "s3:DeleteBucket", BUCKET, key(World.KEY), address);
    importer.cloudCall(at(31), at(901), "s3:DeleteObject", "", key(World.KEY), service);
    List<World.Stored> records = new ArrayList<>(laptop.stored());
    records.addAll(importer.stored());
    // Recorded in time by another collector, whose chain arrives last.
    World.Collector desk = world.collector();
    desk.grant("dlg-everything", "dana@example.test", "s3:*", at(-60), at(3600), at(2));
    records.addAll(desk.stored());
    World.Collector damaged = world.collector();
    damaged.session("two").requested(at(1), "call", "ls");
    damaged.session("two").requested(at(2), "call", "ls");
    World.Stored good = damaged.stored().get(1);
    byte[] bad = good.value().toByteArray();
    bad[bad.length / 2] ^= 1;
    records.add(damaged.stored().getFirst());
    records.add(new World.Stored(good.key(), new Bytes(bad), good.timestamp()));
    records.add(damaged.stored().getLast());
    records.add(new World.Stored(good.key(), new Bytes(new byte[] {1}), good.timestamp()));
    List<JsonNode> told = new ArrayList<>();
    try (Run run = new Run(world, directory.resolve("state"))) {
      for (World.Stored each : records) {
        run.feed(List.of(each));
        var _ = run.findings(); // Told of one by one.
      }
      for (byte[] finding : run.toldFindings()) {
        told.add(JSON.readTree(finding));
      }
    }
    return told;
  }

  @Test
  void findingsAreCreatedUpdatedAndClosed() throws Exception {
    assertThat(told())
        .extracting(f -> f.path("activity_name").asText())
        .contains("Create", "Update", "Close");
  }

  @Test
  void whatIsNotKnownIsAbsentAndNeverNull() throws Exception {
    for (JsonNode finding : told()) {
      assertThat(finding.findValues("uid")).noneMatch(JsonNode::isNull);
      assertThat(finding.toString()).doesNotContain(":null");
    }
  }

  @Test
  void anAddressThatIsNoIpAddressIsNotCalledOne() throws Exception {
    for (JsonNode finding : told()) {
      assertThat(finding.findValuesAsText("ip")).allMatch("198.51.100.7"::equals);
    }
  }

  @Test
  void evidenceNamesEachThingThatCanBeLookedUpOnce() throws Exception {
    for (JsonNode finding : told()) {
      List<String> looked = new ArrayList<>();
      finding
          .path("observables")
          .forEach(o -> looked.add(o.path("type").asText() + " " + o.path("value").asText()));
      assertThat(looked).doesNotHaveDuplicates();
      if (finding.findValuesAsText("ip").contains("198.51.100.7")) {
        assertThat(looked)
            .contains(
                "IP Address 198.51.100.7", "User Name dana@example.test", "Resource UID " + BUCKET);
      }
    }
  }

  @Test
  void aFindingSaysWhatToDoNextAndWhatElseItMayBe() throws Exception {
    for (JsonNode finding : told()) {
      assertThat(finding.at("/remediation/desc").asText()).isNotBlank();
      assertThat(finding.at("/finding_info/tags/1/name").asText()).isEqualTo("false_positives");
      assertThat(finding.at("/finding_info/tags/0/values/0").asText()).matches("(ASI|NHI)\\d+");
    }
  }

  @Test
  void aFindingThatSaysMoreThanTheSchemaKnowsIsRefused() throws Exception {
    for (String place : List.of("", "/metadata", "/finding_info", "/evidences/0/data")) {
      ObjectNode finding = (ObjectNode) told().getFirst();
      ((ObjectNode) finding.at(place)).put("unmapped", "x");
      assertThatThrownBy(() -> FindingSchema.checked(JSON.writeValueAsBytes(finding)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("unmapped");
    }
  }

  @Test
  void aCreatedFindingThatCallsItselfResolvedIsRefused() throws Exception {
    ObjectNode finding = (ObjectNode) told().getFirst();
    finding.put("status_id", 4).put("status", "Resolved");
    assertThatThrownBy(() -> FindingSchema.checked(JSON.writeValueAsBytes(finding)))
        .isInstanceOf(AssertionError.class);
  }

  /** For checkers that are not Java: every finding of this test, one a line. */
  @Test
  void findingsAreWrittenForOtherCheckers() throws Exception {
    StringBuilder lines = new StringBuilder();
    told().forEach(finding -> lines.append(finding).append('\n'));
    Path file = Files.createDirectories(Path.of("target")).resolve("findings.ndjson");
    Files.writeString(file, lines.toString(), StandardCharsets.UTF_8);
    assertThat(file).isNotEmptyFile();
  }
}
