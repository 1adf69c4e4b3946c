package dev.cambium.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cambium.CambiumException;
import dev.cambium.part.Part;
import dev.cambium.part.Parts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What may depend on what, checked over the classes of all modules. */
@Tag("classpath")
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> PLATFORM = resideInAPackage("dev.cambium..");
    private static final DescribedPredicate<JavaClass> APP = resideInAPackage("dev.cambium.app..");
    private static final DescribedPredicate<JavaClass> STOCK_PARTS = resideInAnyPackage("dev.cambium.models..",
            "dev.cambium.datasets..");
    /** All but the app's own description of an experiment, which nobody looks for by name. */
    private static final DescribedPredicate<JavaClass> PARTS = DescribedPredicate
            .<JavaClass>describe("annotated with @Part", type -> type.isAnnotatedWith(Part.class))
            .and(DescribedPredicate.not(APP));
    private static final DescribedPredicate<JavaClass> API = resideInAnyPackage("dev.cambium", "dev.cambium.backend",
            "dev.cambium.data", "dev.cambium.nn", "dev.cambium.part", "dev.cambium.tensor", "dev.cambium.train")
                    .as("the api");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.cambium");

    @Test
    void api_depends_on_the_jdk_alone() {
        classes().that(API).should().onlyDependOnClassesThat(
                API.or(resideInAnyPackage("java..", "javax..", "jdk..", "org.jspecify.annotations"))).check(CLASSES);
    }

    @Test
    void nothing_depends_on_the_app() {
        noClasses().that(PLATFORM.and(DescribedPredicate.not(APP))).should().dependOnClassesThat(APP).check(CLASSES);
    }

    @Test
    void app_names_no_class_of_a_backend() {
        noClasses().that(APP).should()
                .dependOnClassesThat(PLATFORM.and(DescribedPredicate.not(API.or(STOCK_PARTS).or(APP))))
                .check(CLASSES);
    }

    @Test
    void app_names_no_stock_part() {
        noClasses().that(APP).should().dependOnClassesThat(PARTS).check(CLASSES);
    }

    @Test
    void every_stock_part_comes_from_a_provider() {
        List<String> offered = Parts.discover().entries().stream().map(entry -> entry.type().recordClass().getName())
                .toList();
        List<String> parts = CLASSES.that(PARTS).stream().map(JavaClass::getName).toList();
        assertThat(parts).isNotEmpty().isSubsetOf(offered);
    }

    @Test
    void api_opens_no_door_to_chosen_modules() throws URISyntaxException {
        ModuleDescriptor api = descriptorBeside(CambiumException.class);
        assertThat(api.exports()).isNotEmpty().noneMatch(ModuleDescriptor.Exports::isQualified);
        assertThat(api.opens()).isEmpty();
    }

    private static ModuleDescriptor descriptorBeside(Class<?> type) throws URISyntaxException {
        Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        return ModuleFinder.of(place).findAll().iterator().next().descriptor();
    }
}
