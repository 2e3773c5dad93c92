package dev.custody;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.custody", importOptions = WithoutTests.class)
class LayeringTest {
  @ArchTest
  static final ArchRule ONLY_THE_INDEX_KNOWS_LUCENE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.custody.index")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.lucene..");

  @ArchTest
  static final ArchRule THE_LANGUAGE_KNOWS_NEITHER_INDEX_NOR_COMMAND_LINE =
      noClasses()
          .that()
          .resideInAPackage("dev.custody.query")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.custody.index", "dev.custody.cli", "picocli..", "org.apache..");

  @ArchTest
  static final ArchRule THE_INDEX_KNOWS_NO_OTHER_MODULE_AND_NO_COMMAND =
      noClasses()
          .that()
          .resideInAPackage("dev.custody.index")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.custody.cli", "dev.custody.local", "dev.custody.audit");

  private static final String[] OTHER_MODULES = {
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
    "dev.custody.tag..",
    "dev.custody.topology..",
    "dev.custody.admit..",
    "dev.custody.attribute..",
    "dev.custody.correlate..",
    "dev.custody.detect..",
    "dev.custody.pipeline..",
    "dev.custody.sigma..",
    "dev.custody.alert.."
  };

  @ArchTest
  static final ArchRule ONLY_LOCAL_AND_THE_COMMANDS_KNOW_OTHER_MODULES =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.custody.audit..",
              "dev.custody.doctor..",
              "dev.custody.hook..",
              "dev.custody.index..",
              "dev.custody.query..",
              "dev.custody.witness..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(OTHER_MODULES);

  @ArchTest
  static final ArchRule AN_AUDIT_NEEDS_NOTHING_DERIVED =
      noClasses()
          .that()
          .resideInAPackage("dev.custody.audit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.custody.index..",
              "dev.custody.local..",
              "dev.custody.cli..",
              "dev.custody.query..",
              "dev.custody.attribution..",
              "org.apache.lucene..",
              "org.apache.kafka.streams..");

  @ArchTest
  static final ArchRule A_WITNESS_NEEDS_THE_FORMATS_ONLY =
      noClasses()
          .that()
          .resideInAPackage("dev.custody.witness..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.custody..")
                  .and(
                      resideOutsideOfPackages(
                          "dev.custody.witness..",
                          "dev.custody.digest..",
                          "dev.custody.merkle..",
                          "dev.custody.note..",
                          "dev.custody.tlog..")));

  @ArchTest
  static final ArchRule SETTINGS_ARE_EDITED_WITHOUT_ANYTHING_ELSE_OF_OURS =
      noClasses()
          .that()
          .resideInAPackage("dev.custody.hook..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.custody..").and(resideOutsideOfPackages("dev.custody.hook..")));

  @ArchTest
  static final ArchRule ONLY_THE_COMMANDS_KNOW_THE_COMMAND_LINES_LIBRARY =
      noClasses()
          .that()
          .resideInAnyPackage("dev.custody.hook..", "dev.custody.doctor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "dev.custody.local..", "dev.custody.cli..");

  @ArchTest
  static final ArchRule THE_MCP_WRAPPER_STARTS_WITH_NOTHING_ELSE =
      noClasses()
          .that()
          .resideInAPackage("dev.custody.mcp..")
          .should()
          .dependOnClassesThat(
              resideOutsideOfPackages(
                  "dev.custody.mcp..", "java..", "com.fasterxml.jackson.core..", "org.jspecify.."));

  @ArchTest
  static final ArchRule ONLY_LOCAL_KNOWS_KAFKAS_INSIDES =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.custody.local")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "kafka..",
              "org.apache.kafka.server..",
              "org.apache.kafka.metadata..",
              "org.apache.kafka.raft..",
              "org.apache.kafka.controller..",
              "org.apache.kafka.image..");

  @ArchTest
  static final ArchRule NOTHING_IMPORTS_THE_COMMANDS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.custody.cli")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.custody.cli");

  @ArchTest
  static final ArchRule COLLECTOR_AND_STREAM_PROCESSOR_NEVER_KNOW_EACH_OTHER =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.custody.collector..",
              "dev.custody.capture..",
              "dev.custody.http..",
              "dev.custody.publish..",
              "dev.custody.source..",
              "dev.custody.spool..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.custody.topology..", "dev.custody.detect..", "dev.custody.sigma..");
}
