package dev.custody.evidence;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class EvidenceNeighboursTest {
  @Test
  void evidenceAndExplanationsNeedNothingDerived() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.custody.evidence..", "dev.custody.explain..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.custody.index..",
            "dev.custody.query..",
            "dev.custody.attribution..",
            "dev.custody.cli..",
            "dev.custody.local..",
            "dev.custody.collector..",
            "dev.custody.topology..",
            "dev.custody.log..",
            "org.apache.lucene..",
            "org.apache.kafka..")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.custody.evidence", "dev.custody.explain"));
  }
}
