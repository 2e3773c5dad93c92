package dev.custody;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.custody", importOptions = WithoutTests.class)
class LayeringTest {
  private static final String[] OWN = {
    "dev.custody.access..",
    "dev.custody.broker..",
    "dev.custody.capture..",
    "dev.custody.collector..",
    "dev.custody.delegations..",
    "dev.custody.enforce..",
    "dev.custody.http..",
    "dev.custody.missed..",
    "dev.custody.probe..",
    "dev.custody.publish..",
    "dev.custody.redact..",
    "dev.custody.sighting..",
    "dev.custody.source..",
    "dev.custody.spool..",
    "dev.custody.tag.."
  };

  private static ArchRule onlyIn(String owner, String... libraries) {
    return noClasses()
        .that()
        .resideInAnyPackage(OWN)
        .and()
        .resideOutsideOfPackage(owner)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }

  @ArchTest
  static final ArchRule THE_COLLECTOR_KNOWS_THE_CONTRACT_ONLY =
      noClasses()
          .that()
          .resideInAnyPackage(OWN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.custody.topology..",
              "dev.custody.admit..",
              "dev.custody.attribute..",
              "dev.custody.correlate..",
              "dev.custody.detect..",
              "dev.custody.sigma..",
              "dev.custody.alert..",
              "dev.custody.audit..",
              "dev.custody.index..",
              "dev.custody.local..",
              "dev.custody.cli..",
              "dev.custody.query..");

  @ArchTest
  static final ArchRule ONLY_THE_CONTRACT_KNOWS_AVRO_AND_TINK =
      onlyIn("nowhere", "org.apache.avro..", "com.google.crypto.tink..");

  @ArchTest
  static final ArchRule ONLY_PUBLISH_KNOWS_KAFKA =
      onlyIn("dev.custody.publish", "org.apache.kafka..");

  @ArchTest
  static final ArchRule ONLY_THE_BROKER_KNOWS_THE_AWS_SDK =
      onlyIn("dev.custody.broker", "software.amazon.awssdk..");

  @ArchTest
  static final ArchRule ONLY_SPOOL_KNOWS_ROCKSDB = onlyIn("dev.custody.spool", "org.rocksdb..");

  @ArchTest
  static final ArchRule ONLY_HTTP_KNOWS_HELIDON = onlyIn("dev.custody.http", "io.helidon..");

  @ArchTest
  static final ArchRule ONLY_THE_GIT_SOURCE_KNOWS_JGIT =
      onlyIn("dev.custody.source.git", "org.eclipse.jgit..");

  @ArchTest
  static final ArchRule ONLY_THE_OTLP_SOURCE_KNOWS_PROTOBUF =
      onlyIn("dev.custody.source.otlp", "com.google.protobuf..", "io.opentelemetry..");

  @ArchTest
  static final ArchRule SOURCES_SEE_NEITHER_CHAIN_NOR_SPOOL =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.custody.broker..", "dev.custody.source..", "dev.custody.redact..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.custody.chain..",
              "dev.custody.spool..",
              "dev.custody.publish..",
              "dev.custody.http..",
              "dev.custody.collector..");

  @ArchTest
  static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
      slices().matching("dev.custody.(**)").should().beFreeOfCycles();
}
