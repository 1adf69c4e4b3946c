package dev.cambium.tck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.assertj.core.api.ListAssert;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Device;
import dev.cambium.part.Part;
import dev.cambium.reference.ReferenceBackendProvider;
import dev.cambium.tck.BrokenBackend.Compilation;

/** The kit catches deliberately broken backends: the reference, which passes it, but for one fault. */
class FaultsTest {
    private static final ScopedValue<Compilation> COMPILATION = ScopedValue.newInstance();

    @Part(name = "reference", description = "with a fault")
    private record BrokenProvider(BackendProvider sound, Compilation compilation) implements BackendProvider {
        @Override
        public int priority() {
            return sound.priority();
        }

        @Override
        public int primitives() {
            return sound.primitives();
        }

        @Override
        public Optional<String> unavailability() {
            return Optional.empty();
        }

        @Override
        public List<Device> devices() {
            return sound.devices();
        }

        @Override
        public Backend open() {
            return new BrokenBackend(sound.open(), compilation);
        }
    }

    /** The tests of the broken backend; only {@link EngineTestKit} runs them. */
    static class Conformance extends BackendConformance {
        @Override
        protected BackendProvider provider(BackendOptions options) {
            return new BrokenProvider(new ReferenceBackendProvider(options.device()), COMPILATION.get());
        }
    }

    static Stream<Fault> faults() {
        return Fault.all();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void each_fault_is_caught_by_the_check_that_is_meant_to(Fault fault) {
        check(fault, fault.compilation())
                .haveAtLeastOne(event(finishedWithFailure(message(text -> text.contains(fault.message())))));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void without_the_fault_the_check_passes(Fault fault) {
        check(fault, BrokenBackend.replacing(tensor -> tensor)).haveAtLeastOne(event(finishedSuccessfully()))
                .doNotHave(event(finishedWithFailure()));
    }

    private static ListAssert<Event> check(Fault fault, Compilation compilation) {
        Method check = Arrays.stream(fault.group().getSuperclass().getDeclaredMethods())
                .filter(each -> each.getName().equals(fault.check())).findFirst().orElseThrow();
        return ScopedValue.where(COMPILATION, compilation)
                .call(() -> EngineTestKit.engine("junit-jupiter")
                        .selectors(selectNestedMethod(List.of(Conformance.class), fault.group(), check)).execute()
                        .testEvents()
                        .assertThatEvents());
    }
}
