package dev.custody;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.custody", importOptions = WithoutTests.class)
class LayeringTest {
  private static ArchRule onlyIn(String owner, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(owner)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }

  private static ArchRule knowsOnly(String owner, String... neighbours) {
    String[] allowed = java.util.Arrays.copyOf(neighbours, neighbours.length + 1);
    allowed[neighbours.length] = owner;
    return noClasses()
        .that()
        .resideInAPackage(owner)
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.custody..").and(resideOutsideOfPackages(allowed)));
  }

  @ArchTest
  static final ArchRule ONLY_WIRE_KNOWS_AVRO = onlyIn("dev.custody.wire", "org.apache.avro..");

  @ArchTest
  static final ArchRule ONLY_SIGNING_KNOWS_TINK =
      onlyIn(
          "dev.custody.signing",
          "com.google.crypto.tink..",
          "org.conscrypt..",
          "org.bouncycastle..");

  @ArchTest
  static final ArchRule ONLY_TOPIC_KNOWS_KAFKA = onlyIn("dev.custody.topic", "org.apache.kafka..");

  @ArchTest static final ArchRule DIGEST_KNOWS_NOTHING = knowsOnly("dev.custody.digest");

  @ArchTest static final ArchRule TOPIC_KNOWS_NOTHING = knowsOnly("dev.custody.topic");

  @ArchTest
  static final ArchRule MERKLE_KNOWS_DIGEST = knowsOnly("dev.custody.merkle", "dev.custody.digest");

  @ArchTest
  static final ArchRule EVENT_KNOWS_DIGEST = knowsOnly("dev.custody.event", "dev.custody.digest");

  @ArchTest
  static final ArchRule IDENTITY_KNOWS_EVENT =
      knowsOnly(
          "dev.custody.identity", "dev.custody.digest", "dev.custody.event", "dev.custody.glob");

  @ArchTest
  static final ArchRule ATTRIBUTION_KNOWS_EVENT =
      knowsOnly("dev.custody.attribution", "dev.custody.digest", "dev.custody.event");

  @ArchTest
  static final ArchRule SIGNING_KNOWS_IDENTITY =
      knowsOnly("dev.custody.signing", "dev.custody.digest", "dev.custody.identity");

  @ArchTest
  static final ArchRule DELEGATION_KNOWS_ADMISSION =
      knowsOnly(
          "dev.custody.delegation",
          "dev.custody.digest",
          "dev.custody.event",
          "dev.custody.identity",
          "dev.custody.signing",
          "dev.custody.admission",
          "dev.custody.attribution");

  @ArchTest
  static final ArchRule CHAIN_KNOWS_SIGNING =
      knowsOnly(
          "dev.custody.chain", "dev.custody.digest", "dev.custody.merkle", "dev.custody.signing");

  @ArchTest
  static final ArchRule NOTE_KNOWS_SIGNING =
      knowsOnly("dev.custody.note", "dev.custody.digest", "dev.custody.signing");

  @ArchTest
  static final ArchRule TLOG_KNOWS_NOTE =
      knowsOnly("dev.custody.tlog", "dev.custody.digest", "dev.custody.merkle", "dev.custody.note");

  @ArchTest static final ArchRule SHELL_KNOWS_NOTHING = knowsOnly("dev.custody.shell");

  @ArchTest
  static final ArchRule ACT_KNOWS_SHELL =
      knowsOnly("dev.custody.act", "dev.custody.shell", "dev.custody.glob");

  @ArchTest static final ArchRule GLOB_KNOWS_NOTHING = knowsOnly("dev.custody.glob");

  @ArchTest
  static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
      slices().matching("dev.custody.(*)..").should().beFreeOfCycles();
}
