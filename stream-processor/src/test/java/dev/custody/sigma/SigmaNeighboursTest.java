package dev.custody.sigma;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class SigmaNeighboursTest {

  @Test
  void theRuleLanguageImportsNothingOfTheProject() {
    noClasses()
        .that(resideInAPackage("dev.custody.sigma.."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.custody..").and(resideOutsideOfPackage("dev.custody.sigma..")))
        .check(new ClassFileImporter().importPackages("dev.custody.sigma"));
  }
}
