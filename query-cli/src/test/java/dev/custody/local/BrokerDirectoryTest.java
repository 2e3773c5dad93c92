package dev.custody.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerDirectoryTest {
  private static final String WHOLE =
      """
      version=1
      cluster.id=custody-AAAAAAAAAAAAAA
      node.id=1
      directory.id=AAAAAAAAAAAAAAAAAAAAAQ
      """;

  @TempDir Path directory;

  @Test
  void anAbsentDirectoryIsMadeAndAwaitsItsFormat() throws Exception {
    Path absent = directory.resolve("a").resolve("b");
    try (BrokerDirectory held = BrokerDirectory.hold(absent)) {
      assertThat(held.isFormatted()).isFalse();
      assertThat(absent).isDirectory();
    }
  }

  @Test
  void aFormatCutShortIsDoneAgain() throws Exception {
    Files.writeString(directory.resolve("bootstrap.checkpoint"), "half");
    Files.writeString(directory.resolve("meta.properties.tmp"), "ver");
    try (BrokerDirectory held = BrokerDirectory.hold(directory)) {
      assertThat(held.isFormatted()).isFalse();
    }
  }

  @Test
  void aWholeDirectoryOfOursIsTakenAsItIs() throws Exception {
    writeMeta(WHOLE);
    try (BrokerDirectory held = BrokerDirectory.hold(directory)) {
      assertThat(held.isFormatted()).isTrue();
    }
  }

  @Test
  void recordsWithoutMetaPropertiesAreNotFormattedOver() throws Exception {
    Files.createDirectory(directory.resolve("claims-0"));
    assertRefused(
        "kafka data directory %s holds claims-0 but no meta.properties: expected an empty directory or a whole one; try: restore meta.properties, or use an empty directory"
            .formatted(directory.toRealPath()));
  }

  @Test
  void aDirectoryOfAnotherClusterIsRefused() throws Exception {
    writeMeta(WHOLE.replace("custody-AAAAAAAAAAAAAA", "4L6g3nShT-eMCtK--X86sw"));
    assertRefused(
        "kafka data directory %s belongs to cluster 4L6g3nShT-eMCtK--X86sw: expected one that custody made (custody-...); try: use an empty directory"
            .formatted(directory.toRealPath()));
  }

  @ParameterizedTest
  @CsvSource({
    "version=1, version=7, 'version is 7, expected 1'",
    "node.id=1, node.id=2, 'node.id is 2, expected 1'",
    "cluster.id=custody-AAAAAAAAAAAAAA, '', it has no cluster.id",
    "directory.id=AAAAAAAAAAAAAAAAAAAAAQ, directory.id=, it has no directory.id",
    "version=1, 'version=\\u00', it is not a properties file",
  })
  void aDamagedMetaPropertiesIsRefusedByItsDefect(String whole, String damaged, String defect)
      throws Exception {
    writeMeta(WHOLE.replace(whole, damaged));
    assertRefused(
        "%s is damaged: %s; try: restore it from a copy, or use an empty directory"
            .formatted(directory.toRealPath().resolve("meta.properties"), defect));
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> BrokerDirectory.hold(file))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("kafka data directory " + file + " cannot be made")
        .hasMessageEndingWith("try: a directory that you may write");
  }

  @Test
  void aCommaInThePathIsRefusedBecauseKafkaWouldReadTwoDirectories() {
    assertThatThrownBy(() -> BrokerDirectory.hold(directory.resolve("a,b")))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("has a comma in its path");
  }

  @Test
  void aDirectoryIsHeldOnceAndAfterItsReleaseAgain() throws Exception {
    Path otherName = directory.resolve("x").resolve("..");
    try (BrokerDirectory held = BrokerDirectory.hold(directory)) {
      Files.createDirectory(directory.resolve("x"));
      assertThatThrownBy(() -> BrokerDirectory.hold(otherName))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("is in use by this process");
      assertThat(held.path()).isEqualTo(directory.toRealPath());
    }
    BrokerDirectory.hold(directory).close();
  }

  private void writeMeta(String text) throws IOException {
    Files.writeString(directory.resolve("meta.properties"), text);
  }

  private void assertRefused(String message) throws IOException {
    try (BrokerDirectory held = BrokerDirectory.hold(directory)) {
      assertThatThrownBy(held::isFormatted)
          .isInstanceOf(BrokerStartException.class)
          .hasMessage(message);
    }
  }
}
