package dev.custody;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.custody", importOptions = WithoutTests.class)
class LayeringTest {
  private static final String[] OWN = {
    "dev.custody.topology..",
    "dev.custody.admit..",
    "dev.custody.attribute..",
    "dev.custody.correlate..",
    "dev.custody.detect..",
    "dev.custody.pipeline..",
    "dev.custody.sigma..",
    "dev.custody.alert..",
    "dev.custody.view..",
    "dev.custody.due..",
    "dev.custody.complete..",
    "dev.custody.window..",
    "dev.custody.log.."
  };

  @ArchTest
  static final ArchRule THE_STREAM_PROCESSOR_KNOWS_THE_CONTRACT_ONLY =
      noClasses()
          .that()
          .resideInAnyPackage(OWN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.custody.capture..",
              "dev.custody.collector..",
              "dev.custody.http..",
              "dev.custody.publish..",
              "dev.custody.redact..",
              "dev.custody.sighting..",
              "dev.custody.source..",
              "dev.custody.spool..",
              "dev.custody.audit..",
              "dev.custody.index..",
              "dev.custody.local..",
              "dev.custody.cli..",
              "dev.custody.query..");

  @ArchTest
  static final ArchRule ONLY_THE_CONTRACT_KNOWS_AVRO_AND_TINK =
      noClasses()
          .that()
          .resideInAnyPackage(OWN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.avro..", "com.google.crypto.tink..");

  @ArchTest
  static final ArchRule ONLY_THE_TOPOLOGY_CONNECTS_STEPS =
      noClasses()
          .that()
          .resideInAnyPackage(OWN)
          .and()
          .resideOutsideOfPackage("dev.custody.topology")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.custody.topology..", "org.apache.kafka.streams.kstream..");

  @ArchTest
  static final ArchRule ATTRIBUTION_KNOWS_NO_RULE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.custody.attribute",
              "dev.custody.correlate",
              "dev.custody.admit",
              "dev.custody.log")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.custody.sigma", "dev.custody.detect", "dev.custody.alert");

  @ArchTest
  static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
      slices().matching("dev.custody.(*)..").should().beFreeOfCycles();
}
