package dev.custody.index;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.custody", importOptions = DoNotIncludeTests.class)
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
}
