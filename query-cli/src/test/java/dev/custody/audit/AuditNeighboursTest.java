package dev.custody.audit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class AuditNeighboursTest {

  @Test
  void anAuditorsVerdictNeedsNothingButTheContractAndKafkasClients() {
    noClasses()
        .that(resideInAPackage("dev.custody.audit.."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.custody..")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.not(
                        resideInAnyPackage(
                            "dev.custody.audit..",
                            "dev.custody.admission..",
                            "dev.custody.chain..",
                            "dev.custody.digest..",
                            "dev.custody.event..",
                            "dev.custody.merkle..",
                            "dev.custody.note..",
                            "dev.custody.tlog..",
                            "dev.custody.trust..",
                            "dev.custody.topic.."))))
        .orShould()
        .dependOnClassesThat(
            Predicates.resideInAnyPackage(
                "org.apache.lucene..", "org.apache.kafka.streams..", "kafka.."))
        .check(
            new ClassFileImporter()
                .withImportOption(new dev.custody.WithoutTests())
                .importPackages("dev.custody.audit"));
  }
}
